import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import { oldProductionSteps } from '../../workflows/scenarios/steps/standby/old-production.ts';
import { sandboxPolicy } from '../sandbox/policy.ts';
import type { Standing } from './stage.ts';

/** What each measure in force means for production. */
const meanings: Readonly<Record<string, (standing: Standing) => Standing>> = {
  'pause-deployments': (standing) => ({ ...standing, autoDeploy: false }),
  // What the platform's edge answers while nothing runs.
  'stop-application': (standing) => ({ ...standing, version: null, status: null, health: 502 }),
  'fence-database': (standing) => ({ ...standing, allowedCidrs: sandboxPolicy.fence.operatorCidrs }),
  'rebuild-database': (standing) => withStandby(standing, { databases: 1 }),
  'start-standby-application': (standing) => withStandby(standing, { health: 200 }),
};

/**
 * How production stands if the report is true: whole when it was recovered, else as it was found, but for the measures
 * that are said to be in force and for what was switched over.
 *
 * @param seen.restores how often the database was rewound by this run
 */
export function reportedStanding(
  { outcome, status }: RecoveryReport,
  seen: { readonly whole: Standing; readonly found: Standing; readonly restores: number },
): Standing {
  const { whole, found, restores } = seen;
  const base: Standing = {
    ...(outcome === 'recovered' ? whole : found),
    timeline: found.timeline + restores,
  };
  const done = status.steps.filter(({ state }) => state === 'done').map(({ id }) => id);
  const switched = done.includes('switch-over');
  const moved = switched ? withStandby(base, { databases: 1, health: 200, usersDirectedThere: true }) : base;
  // What keeps the old production from taking writes is no measure of the run any more, and stays for good.
  const keptForGood = switched ? done.filter((id) => oldProductionSteps.includes(id)) : [];
  return [...keptForGood, ...status.measures.map(({ step }) => step)].reduce(
    (standing, step) => meanings[step]?.(standing) ?? standing,
    moved,
  );
}

function withStandby(standing: Standing, change: Partial<Standing['standby']>): Standing {
  const { standby } = standing;
  return standby === null ? standing : { ...standing, standby: { ...standby, ...change } };
}
