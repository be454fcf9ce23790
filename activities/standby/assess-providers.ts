import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderAssessment } from '../../workflows/contracts/standby.ts';
import { DrError } from '../errors.ts';
import type { StandbyDependencies } from './dependencies.ts';

/** How long the marker is waited for, ms. */
const patienceMs = 3_000;

/**
 * Asks both platforms and the application how they stand. An answer that does not come is a finding, not an error: it
 * is what this scenario is about.
 */
export async function assessProviders({
  databasePlatform,
  applicationPlatform,
  publicProbe,
  lastMarker = async () => null,
}: StandbyDependencies): Promise<ProviderAssessment> {
  const [database, application, health, marker] = await Promise.all([
    finding(async () => {
      const { status, raw } = await databasePlatform.status();
      return { usable: status === 'healthy', found: `answers ${raw}` };
    }),
    finding(async () => {
      const [newest] = await applicationPlatform.deployments();
      return {
        usable: newest?.status === 'running',
        found: newest === undefined ? 'answers with no deployment' : `answers ${newest.rawStatus}`,
      };
    }),
    publicProbe.probe(),
    withinPatience(lastMarker),
  ]);
  return {
    at: new Date().toISOString(),
    database,
    application,
    health: { usable: health.healthy, found: health.healthy ? 'healthy' : 'not healthy' },
    lastMarker: marker,
  };
}

/** Null where it fails or does not answer: whoever keeps it may be part of what is gone. */
async function withinPatience<T>(read: () => Promise<T>): Promise<T | null> {
  const enough = new AbortController();
  try {
    return await Promise.race([read(), delay(patienceMs, null, { signal: enough.signal })]);
  } catch {
    return null;
  } finally {
    enough.abort();
  }
}

async function finding(ask: () => Promise<{ usable: boolean; found: string }>) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    return { usable: false, found: error.explanation.happened };
  }
}
