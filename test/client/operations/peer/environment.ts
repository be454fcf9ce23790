import { Context } from '@temporalio/activity';
import { createPostgresDatabase } from '../../../../activities/adapters/postgres/index.ts';

/** Whether an activity runs for the environment of this name: each is a world of its own. */
export function environmentIs(name: string): boolean {
  const { workflowId = '' } = Context.current().info.workflowExecution ?? {};
  return new RegExp(`-${name}-\\d{4}-`).test(workflowId);
}

/** A database where nobody answers. */
export const unreachableDatabase = createPostgresDatabase({
  connectionString: 'postgresql://nobody@127.0.0.1:1/nothing',
});
