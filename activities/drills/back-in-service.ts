import { setTimeout as delay } from 'node:timers/promises';
import { heartbeat } from '../database/heartbeat.ts';
import { inSnapshot } from '../database/snapshot.ts';
import { DrError } from '../errors.ts';
import { compareData } from './compare-data.ts';
import type { DrillDependencies } from './dependencies.ts';
import { requireDrillGround } from './guard.ts';
import type { DrillPlace } from './open-drills.ts';
import { readTruth, recordedTruth } from './truth.ts';

/**
 * Waits until a production that was gone serves its users again, and holds its rows against those that were recorded
 * before the fault.
 *
 * @returns what was found, in words
 * @throws DrError what keeps it from being in service, after `drill.showWithinMs`; `verification-failed` for rows that
 *   are not as recorded
 */
export async function awaitBackInService(deps: DrillDependencies, place: DrillPlace): Promise<string> {
  const giveUpAt = Date.now() + deps.policy.drill.showWithinMs;
  for (;;) {
    heartbeat('waiting until production is back in service');
    try {
      await requireInService(deps, place.environment);
      return await requireRecordedRows(deps, place);
    } catch (error) {
      if (!(error instanceof DrError) || error.type === 'verification-failed' || Date.now() >= giveUpAt)
        throw error;
    }
    await delay(deps.policy.pollEveryMs);
  }
}

async function requireInService(deps: DrillDependencies, environment: string): Promise<void> {
  await requireDrillGround(deps, environment);
  const [newest] = await deps.applicationPlatform.deployments();
  const { healthy, detail } = await deps.probe.probe();
  if (newest?.status === 'running' && healthy) return;
  throw new DrError('application-unhealthy', {
    happened: `The application of ${environment} is not back: its platform shows ${newest?.rawStatus ?? 'no deployment'}, its users get ${detail}.`,
    meaning: 'The drill has not put everything back.',
    next: 'Start the application and direct users to it by hand, then hold another drill: it tries again.',
  });
}

async function requireRecordedRows(deps: DrillDependencies, place: DrillPlace): Promise<string> {
  const { database, policy, store } = deps;
  const truth = await recordedTruth(store, place);
  if (truth === undefined) return 'it was not recorded what was there, so nothing was broken';
  const now = await database.session((session) =>
    inSnapshot(session, () => readTruth(session, policy, 2 * policy.drill.maximumRows)),
  );
  const backMicros = Date.parse(truth.takenAt) * 1000;
  const { tables } = compareData({ truth, now, recoveryPoint: null, backMicros });
  const wrong = tables.reduce((sum, { missing, altered }) => sum + missing + altered, 0);
  const rows = tables.reduce((sum, { expected }) => sum + expected, 0);
  if (wrong === 0) return `production serves its users again with all ${rows} rows`;
  throw new DrError('verification-failed', {
    happened: `${wrong} of ${rows} rows are not as they were recorded before the fault.`,
    meaning: 'Production is back, but not as it was.',
    next: 'Look at what the fault does here; recover what is missing: npx dr start data-loss',
  });
}
