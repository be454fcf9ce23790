import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { damagePages } from '../postgres/damage-pages.ts';
import type { SandboxPostgres } from '../postgres/sandbox-postgres.ts';
import type { SandboxService } from '../railway/index.ts';

/** What is broken. */
export interface Breakable {
  readonly postgres: SandboxPostgres;
  readonly superuserUrl: string;
  readonly service: SandboxService;
}

/** How long the platform may take to give a deployment up, ms. */
const givenUpMs = 120_000;

/**
 * Damages two tables as a failing disk does. A page of zeros in the middle is silent to checksums; the garbage is not.
 *
 * @returns puts the pages back as they were, for a database that was not restored meanwhile
 */
export async function corruptPages({
  postgres,
  superuserUrl,
}: Pick<Breakable, 'postgres' | 'superuserUrl'>): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('VACUUM');
  } finally {
    await client.end();
  }
  const undoZeros = await damagePages(postgres, superuserUrl, 'public.dispense_jobs', [
    { page: 3, with: 'zeros' },
  ]);
  const undoGarbage = await damagePages(postgres, superuserUrl, 'public.sales', [
    { page: 2, with: 'garbage' },
  ]);
  return async () => {
    await undoGarbage();
    await undoZeros();
  };
}

/** Kills the process of the application as often as the platform forgives it, and once more. */
export async function killForGood({ service }: Pick<Breakable, 'service'>): Promise<void> {
  const deployment = service.active();
  await until('the platform gives the deployment up', () => {
    const pid = deployment?.replica?.pid();
    if (pid !== undefined) killIfThere(pid);
    return deployment?.status === 'CRASHED';
  });
}

/** Deploys a version that fails at its start, and waits until the platform has given it up. */
export async function deployBadVersion({ service }: Pick<Breakable, 'service'>): Promise<void> {
  const bad = service.pushVersion('v3-throws-on-start');
  if (bad === undefined) throw new Error('Automatic deployments are off.');
  await until('the platform gives the deployment up', () => bad.status === 'CRASHED');
}

/** One that has just ended by itself is as good. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function until(what: string, reached: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + givenUpMs;
  while (!reached()) {
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain: ${what}.`);
    await delay(50);
  }
}
