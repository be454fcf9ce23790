import { createHash } from 'node:crypto';
import type { LogEvidence } from '../../workflows/contracts/security.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { DrError } from '../errors.ts';
import type { SecurityDependencies } from './dependencies.ts';

/** Which logs are wanted. */
export interface LogRequest {
  /** Names the evidence; the same name replaces it. */
  readonly id: string;
  /** RFC 3339, UTC: how far back. */
  readonly since: string;
}

const mostDatabaseLines = 50_000;
const mostApplicationLines = 5_000;
const deploymentsRead = 5;

/**
 * Copies the logs of the database and of the newest deployments to the object store, as they are: they are evidence and
 * may hold what users typed. What cannot be read is noted and keeps nothing else from being kept.
 *
 * @throws DrError `store-unavailable` (retried) or `store-refused`
 */
export async function preserveLogs(
  { logs, applicationPlatform, store, environment }: SecurityDependencies,
  { id, since }: LogRequest,
): Promise<LogEvidence> {
  heartbeat('reading logs');
  const failures: string[] = [];
  const tried = async <T>(what: string, read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
      failures.push(`${what}: ${error.explanation.happened}`);
      return null;
    }
  };
  const [database, application] = await Promise.all([
    tried('log of the database', () =>
      logs.databaseLog({ from: new Date(since), to: new Date(), limit: mostDatabaseLines }),
    ),
    tried('logs of the application', async () => {
      const deployments = (await applicationPlatform.deployments()).slice(0, deploymentsRead);
      return Promise.all(
        deployments.map(async (deployment) => ({
          deployment,
          lines: await applicationPlatform.logs(deployment.id, mostApplicationLines),
        })),
      );
    }),
  ]);
  heartbeat('storing logs');
  const key = `evidence/${environment}/breach/${id}.json`;
  const text = `${JSON.stringify({ format: 'vendhub-breach-logs', version: 1, id, since, database, application, failures }, null, 2)}\n`;
  await store.putText(key, text, 'application/json');
  return {
    key,
    sha256: createHash('sha256').update(text).digest('hex'),
    from: since,
    databaseLines: database?.length ?? null,
    applicationLines: application?.reduce((sum, { lines }) => sum + lines.length, 0) ?? null,
    failures,
  };
}
