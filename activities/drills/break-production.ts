import { setTimeout as delay } from 'node:timers/promises';
import type { DrillFault } from '../../workflows/contracts/drill-faults.ts';
import type { BrokenProduction } from '../../workflows/contracts/drills.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { quoteTable } from '../database/identifiers.ts';
import { inSnapshot } from '../database/snapshot.ts';
import { listTables } from '../database/tables.ts';
import { DrError } from '../errors.ts';
import type { DatabaseSession } from '../ports.ts';
import type { DrillDependencies } from './dependencies.ts';
import { noteFreeStandby, requireFreeStandby } from './drilled-standby.ts';
import { breakBySql, breakVariable, commandOrder, requireCommand, requireFault } from './faults.ts';
import { requireDrillGround } from './guard.ts';
import type { DrillPlace } from './open-drills.ts';
import { fingerprintOf, keepTruth, readTruth, type Truth } from './truth.ts';

/** How long writers may be held off at a time, and how often it is tried: they may wait for the same tables. */
const lockTimeout = '800ms';
const lockTries = 20;

/**
 * Breaks the environment for real. What was there before is stored first: for a fault by SQL, and where everything goes,
 * exactly as of the fault, with all writers held off. Made at most once: never tried again by itself.
 *
 * @returns when it was broken, and what was there
 * @throws DrError `input-invalid` where a guard does not hold; what the means throw; `internal-error` where a crash does
 *   not show in time
 */
export async function breakProduction(
  deps: DrillDependencies,
  { faultId, ...place }: DrillPlace & { readonly faultId: string },
): Promise<BrokenProduction> {
  await requireDrillGround(deps, place.environment);
  const fault = requireFault(deps, faultId);
  const { truth, brokenAt } = await make(deps, place, fault);
  if (fault.scenario === 'application-crash') await untilItShows(deps);
  return {
    brokenAt,
    truthAt: truth.takenAt,
    tables: truth.tables.map(({ table, rows }) => ({
      table,
      rows: rows.length,
      fingerprint: fingerprintOf(rows),
    })),
  };
}

async function make(
  deps: DrillDependencies,
  place: DrillPlace,
  { by, scenario }: DrillFault,
): Promise<{ readonly truth: Truth; readonly brokenAt: string }> {
  if (by.kind === 'sql') {
    return breakWithTruth(deps, place, async (session) => {
      await breakBySql(session, by.statements);
      await session.query('COMMIT');
    });
  }
  if (by.kind === 'command' && scenario === 'complete-failure') {
    await requireFreeStandby(deps);
    await noteFreeStandby(deps, place);
    return breakWithTruth(deps, place, () =>
      requireCommand(deps, by.variable).run(commandOrder('break', place)),
    );
  }
  const { maximumRows } = deps.policy.drill;
  const truth = await deps.database.session((session) =>
    inSnapshot(session, () => readTruth(session, deps.policy, maximumRows)),
  );
  await keepTruth(deps.store, place, truth);
  const brokenAt = new Date().toISOString();
  if (by.kind === 'variable') await breakVariable(deps, place, by);
  else await requireCommand(deps, by.variable).run(commandOrder('break', place));
  return { truth, brokenAt };
}

async function breakWithTruth(
  deps: DrillDependencies,
  place: DrillPlace,
  breakIt: (session: DatabaseSession) => Promise<void>,
): Promise<{ readonly truth: Truth; readonly brokenAt: string }> {
  const { schemas, timestampColumns, drill } = deps.policy;
  return deps.database.session(async (session) => {
    const tables = (await listTables(session, schemas, timestampColumns)).map(({ name }) => quoteTable(name));
    for (let tries = 1; ; tries += 1) {
      heartbeat('holding writers off');
      await session.query('BEGIN');
      try {
        await session.query(`SET LOCAL lock_timeout = '${lockTimeout}'`);
        await session.query(`LOCK TABLE ${tables.join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
      } catch (error) {
        await session.query('ROLLBACK');
        if (tries >= lockTries) throw error;
        await delay(Math.random() * 300);
        continue;
      }
      try {
        const truth = await readTruth(session, deps.policy, drill.maximumRows);
        await keepTruth(deps.store, place, truth);
        const brokenAt = new Date().toISOString();
        await breakIt(session);
        return { truth, brokenAt };
      } catch (error) {
        await session.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    }
  });
}

/**
 * A recovery that is started while users are still served would find nothing to recover, and one that is started while
 * the platform brings a deployment up would judge the one before it.
 */
async function untilItShows({ probe, policy, applicationPlatform }: DrillDependencies): Promise<void> {
  const giveUpAt = Date.now() + policy.drill.showWithinMs;
  const shows = async () =>
    !(await probe.probe()).healthy && (await applicationPlatform.deployments())[0]?.status !== 'starting';
  while (!(await shows())) {
    heartbeat('waiting until the crash shows');
    if (Date.now() >= giveUpAt) {
      throw new DrError('internal-error', {
        happened: `The crash does not show ${policy.drill.showWithinMs / 1000} s after it was made.`,
        meaning: 'There is nothing to recover from; the drill proves nothing.',
        next: 'Look at what the fault does here, or choose another: npx dr drill list',
      });
    }
    await delay(policy.pollEveryMs);
  }
}
