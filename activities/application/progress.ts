import { Context } from '@temporalio/activity';
import type { z } from 'zod';

/** What an earlier attempt of this activity noted with its heartbeats; undefined when it noted nothing of this kind. */
export function earlierProgress<T>(schema: z.ZodType<T>): T | undefined {
  const noted = schema.safeParse(Context.current().info.heartbeatDetails);
  return noted.success ? noted.data : undefined;
}
