import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import type { standing } from '../end-to-end/found.ts';
import type { Recovery } from '../end-to-end/recovery.ts';
import { type deviation, exact } from '../end-to-end/truth.ts';
import type { Witness } from './witness.ts';

type Standing = Awaited<ReturnType<typeof standing>>;

/** What is known after a recovery, whatever happened to its workers. */
export interface Aftermath {
  readonly report: RecoveryReport;
  readonly restores: ReturnType<Witness['restores']>;
  readonly data: Awaited<ReturnType<typeof deviation>>;
  readonly before: Standing;
  readonly after: Standing;
  readonly history: Awaited<ReturnType<Recovery['handle']['fetchHistory']>>;
}

/** Every rule that must hold after every recovery, with what broke it; empty when none was broken. */
export function violations(aftermath: Aftermath): string[] {
  const { report, restores, data, before, after, history } = aftermath;
  const step = (id: string) => report.status.steps.find((record) => record.id === id);
  const approvals = report.status.decisions.filter(
    ({ kind, step: of, accepted }) => kind === 'approve' && of === 'restore-database' && accepted,
  );
  const resumedAt = Date.parse(step('lower-fence')?.startedAt ?? '');
  const failedTasks = (history.events ?? []).flatMap((event) => {
    const failure = event.workflowTaskFailedEventAttributes?.failure?.message;
    return failure == null ? [] : [failure];
  });
  const rules: readonly (readonly [boolean, string])[] = [
    [report.outcome === 'recovered', `the run ended as ${report.outcome}`],
    [same(data, exact), `the data is not exact: ${JSON.stringify(counted(data))}`],
    [restores.filter(({ ran }) => ran).length === 1, `${restores.length} restore requests, not one that ran`],
    [restores.slice(0, -1).every(({ ran }) => !ran), 'a second restore was asked for after one that ran'],
    [
      restores.every(({ at }, n) => Date.parse(approvals[n]?.at ?? '') <= Date.parse(at)),
      'a restore was asked for without an approval of its own before it',
    ],
    [
      restores.every(({ at }) => Date.parse(at) <= resumedAt),
      'a restore was asked for after writers resumed',
    ],
    [after.timeline === before.timeline + 1, `rewound ${after.timeline - before.timeline} times`],
    [failedTasks.length === 0, `workflow tasks failed: ${failedTasks.join('; ')}`],
    [
      same(foundAgain(after), foundAgain(before)),
      `production is not as it was: ${JSON.stringify(foundAgain(after))}`,
    ],
  ];
  return rules.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

const counted = ({ missing, altered, surplus, catalogueAltered }: Aftermath['data']) => ({
  missing: missing.length,
  altered: altered.length,
  surplus: surplus.length,
  catalogueAltered,
});

const foundAgain = ({ version, status, health, autoDeploy, allowedCidrs }: Standing) => ({
  version,
  status,
  health,
  autoDeploy,
  allowedCidrs,
});
