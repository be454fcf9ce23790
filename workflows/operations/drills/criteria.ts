import type { DataVerdict, DrillInspection, EndedRecovery } from '../../contracts/drills.ts';
import type { OperationCheck } from '../../contracts/operations.ts';
import { duration, plural, utcSecond } from '../../runbook/format.ts';

/** What the criteria are judged by; null for what there is not. */
export interface DrillFindings {
  /** RFC 3339, UTC: when the fault was made. */
  readonly brokenAt: string | null;
  readonly ended: EndedRecovery | null;
  readonly inspection: DrillInspection | null;
  /** What was taken away at the end; null where something is left. */
  readonly cleaned: string | null;
  /** Why something is left, where it is known. */
  readonly left: string | null;
}

/** The success criteria of the procedure's section 9, in its order and words, and that nothing is left behind. */
export function judgeCriteria(findings: DrillFindings): readonly OperationCheck[] {
  const { inspection, cleaned, left } = findings;
  return [
    withinRto(findings),
    allDataRestored(inspection?.data ?? null),
    functional(findings),
    nothingLost(findings),
    {
      name: 'Nothing of the drill left behind',
      passed: cleaned !== null,
      found:
        cleaned ??
        `not everything could be taken away (${left ?? 'not known why'}); the next drill tries again`,
      expected: 'nothing',
    },
  ];
}

function withinRto({ brokenAt, ended }: DrillFindings): OperationCheck {
  const report = ended?.report ?? null;
  const healthySince = report?.status.healthySince;
  const tookMs =
    brokenAt === null || healthySince === undefined || report?.outcome !== 'recovered'
      ? null
      : Math.max(0, Date.parse(healthySince) - Date.parse(brokenAt));
  const objectiveMs = report?.rto.objectiveMs ?? null;
  return {
    name: 'Recovery completed within RTO',
    passed: tookMs !== null && objectiveMs !== null && tookMs <= objectiveMs,
    found:
      tookMs === null
        ? 'not recovered'
        : `${duration(tookMs)} from the fault, ${duration(report?.waitedForPeopleMs ?? null)} of it waiting for people`,
    expected: `at most ${duration(objectiveMs)}`,
    ...(tookMs === null ? {} : { measured: tookMs }),
  };
}

const sum = (data: DataVerdict, field: 'expected' | 'missing' | 'altered' | 'surplus' | 'lostAfter') =>
  data.tables.reduce((total, table) => total + table[field], 0);

function allDataRestored(data: DataVerdict | null): OperationCheck {
  const check = {
    name: 'All data restored correctly',
    expected: 'every row as it was recorded before the fault, and no other',
  } as const;
  if (data === null) return { ...check, passed: false, found: 'not looked at' };
  const [missing, altered, surplus] = [sum(data, 'missing'), sum(data, 'altered'), sum(data, 'surplus')];
  return {
    ...check,
    passed: missing + altered + surplus === 0,
    found: `of ${plural(sum(data, 'expected'), 'row', 'rows')} ${missing} missing, ${altered} altered, ${surplus} that should not be there`,
  };
}

function functional({ inspection, ended }: DrillFindings): OperationCheck {
  const check = {
    name: 'Application fully functional',
    expected: 'healthy to its users, every invariant met, no measure in force',
  } as const;
  if (inspection === null) return { ...check, passed: false, found: 'not looked at' };
  const { health, invariants } = inspection;
  const violated = invariants.filter(({ passed }) => !passed);
  const inForce = ended?.left?.measures ?? [];
  return {
    ...check,
    passed: health.healthy && violated.length === 0 && inForce.length === 0,
    found: [
      health.healthy ? 'healthy' : `NOT healthy: ${health.detail}`,
      violated.length === 0
        ? `${plural(invariants.length, 'invariant', 'invariants')} met`
        : violated.map(({ name, found }) => `${name}: ${found}`).join(', '),
      ...inForce.map((measure) => `still in force: ${measure.inForce}`),
    ].join('; '),
  };
}

function nothingLost({ inspection, ended, brokenAt }: DrillFindings): OperationCheck {
  const data = inspection?.data ?? null;
  const objectiveMs = rpoOfRebuild(ended);
  const nothing = 'nothing from before the recovery point';
  const check = {
    name: 'No data loss',
    expected:
      objectiveMs === null
        ? nothing
        : `${nothing}, which is at most ${duration(objectiveMs)} before the fault`,
  } as const;
  if (data === null) return { ...check, passed: false, found: 'not looked at' };
  const before = sum(data, 'missing');
  const after = sum(data, 'lostAfter');
  const point =
    data.recoveryPointUnix === null
      ? 'nothing was rewound'
      : `recovery point ${utcSecond(data.recoveryPointUnix)}`;
  const goneMs =
    data.recoveryPointUnix === null || brokenAt === null
      ? null
      : Math.max(0, Date.parse(brokenAt) - data.recoveryPointUnix * 1000);
  const recentEnough = objectiveMs === null || (goneMs !== null && goneMs <= objectiveMs);
  const age = objectiveMs === null ? '' : `, ${duration(goneMs)} before the fault`;
  return {
    ...check,
    passed: before === 0 && recentEnough,
    found: `${before} from before it (${point}${age}); ${after} written after it and before the fault are lost`,
  };
}

/** From a backup something is always lost, and how much is what its cadence promises; null where nothing was rebuilt. */
function rpoOfRebuild(ended: EndedRecovery | null): number | null {
  const report = ended?.report ?? null;
  return report?.status.scenario === 'complete-failure' ? report.rpo.objectiveMs : null;
}
