import type { DrillInspection, RecoveredPoint } from '../../workflows/contracts/drills.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { checkInvariants } from '../database/invariants.ts';
import { inSnapshot } from '../database/snapshot.ts';
import { compareData } from './compare-data.ts';
import type { DrillDependencies } from './dependencies.ts';
import { rebuiltDatabase } from './drilled-standby.ts';
import { refused } from './guard.ts';
import type { DrillPlace } from './open-drills.ts';
import { readTruth, recordedTruth } from './truth.ts';

/** What the recovery says of itself. */
export interface InspectionRequest extends DrillPlace {
  /** Null where nothing was rewound. */
  readonly recoveryPoint: RecoveredPoint | null;
  /** RFC 3339, UTC: when the restore was over; null where nothing was rewound. */
  readonly restoredAt: string | null;
}

/** Health probes: one lucky answer is not enough. */
const probes = 3;

/**
 * Looks at the environment after a recovery: every row against what was recorded before the fault, the invariants of the
 * policy, and the application as its users reach it. Where production was rebuilt from a backup, its database is the one
 * in the standby environment. Reads only.
 *
 * @throws DrError `input-invalid` where nothing was recorded; `database-*`, `store-*`
 */
export async function inspectDrilled(
  deps: DrillDependencies,
  { recoveryPoint, restoredAt, ...place }: InspectionRequest,
): Promise<DrillInspection> {
  const { store, probe, policy } = deps;
  const truth = await recordedTruth(store, place);
  if (truth === undefined) throw refused('What was there before the fault was not recorded.');
  const database = recoveryPoint?.of === 'backup' ? await rebuiltDatabase(deps) : deps.database;
  const { now, invariants } = await database.session((session) =>
    inSnapshot(session, async () => ({
      now: await readTruth(session, policy, 2 * policy.drill.maximumRows),
      invariants: await checkInvariants(session, policy.invariants),
    })),
  );
  const backMicros = Date.parse(restoredAt ?? truth.takenAt) * 1000;
  let health = await probe.probe();
  for (let done = 1; done < probes && health.healthy; done += 1) {
    heartbeat('probing the application');
    health = await probe.probe();
  }
  return {
    data: compareData({ truth, now, recoveryPoint, backMicros }),
    health: { healthy: health.healthy, detail: health.detail },
    invariants: invariants.map(({ name, passed, found, expected }) => ({ name, passed, found, expected })),
  };
}
