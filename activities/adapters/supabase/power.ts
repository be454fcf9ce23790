import { z } from 'zod';
import type { PlatformPower } from '../../ports.ts';
import { projectAnswer } from './answers.ts';
import { call, type SupabaseAccess } from './client.ts';

const paused = new Set(['INACTIVE', 'PAUSING']);
const startingOrUp = new Set(['ACTIVE_HEALTHY', 'ACTIVE_UNHEALTHY', 'COMING_UP', 'RESTORING']);

/**
 * Pausing and unpausing a Supabase project, by its Management API. Unpausing is called restoring there; it has nothing
 * to do with a backup. Both look at the status first, so that a request is not repeated on what it has begun.
 *
 * @returns a switch whose methods throw the `provider-*` errors
 */
export function createSupabasePower(access: SupabaseAccess): PlatformPower {
  const status = async () => {
    const project = await call(access, {
      method: 'GET',
      path: '',
      purpose: 'reading the project status',
      expectedStatus: 200,
      answer: projectAnswer,
    });
    return project.status;
  };
  const ask = async (path: string, purpose: string) => {
    await call(access, { method: 'POST', path, purpose, expectedStatus: 200, answer: z.unknown() });
  };
  return {
    async pause() {
      if (!paused.has(await status())) await ask('/pause', 'pausing the project');
    },
    async unpause() {
      if (!startingOrUp.has(await status())) await ask('/restore', 'unpausing the project');
    },
  };
}
