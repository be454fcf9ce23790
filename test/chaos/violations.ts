import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import { runbooks } from '../../workflows/scenarios/index.ts';
import { eventually } from '../end-to-end/condition.ts';
import type { Recovery } from '../end-to-end/recovery.ts';
import type { ChaosCase } from './case.ts';
import { reportedStanding } from './reported-standing.ts';
import type { Effect, Standing } from './stage.ts';
import type { Witness } from './witness.ts';

/** What is known after a recovery, whatever happened to its workers and gates. */
export interface Aftermath {
  readonly chaosCase: ChaosCase;
  readonly report: RecoveryReport;
  /** Whether the run was cancelled in Temporal. */
  readonly cancelled: boolean;
  readonly gateLedTo: string | null;
  readonly restores: ReturnType<Witness['restores']>;
  /** Of this run alone. */
  readonly effects: readonly Effect[];
  /** Before the accident, and between it and the run. */
  readonly whole: Standing;
  readonly found: Standing;
  readonly standing: () => Promise<Standing>;
  readonly history: Awaited<ReturnType<Recovery['handle']['fetchHistory']>>;
}

type Rule = readonly [holds: boolean, otherwise: string];

/**
 * Every rule that must hold after every recovery, with what broke it; empty when none was broken.
 *
 * @param settlesWithinMs how long a platform may take to show what it was told
 */
export async function violations(aftermath: Aftermath, settlesWithinMs = 60_000): Promise<string[]> {
  const { chaosCase, report, cancelled, history } = aftermath;
  const failedTasks = (history.events ?? []).flatMap((event) => {
    const failure = event.workflowTaskFailedEventAttributes?.failure?.message;
    return failure == null ? [] : [failure];
  });
  const unnamed = report.status.measures.filter(({ inForce }) => !report.headline.includes(inForce));
  const rules: readonly Rule[] = [
    [report.outcome === chaosCase.outcome, `the run ended as ${report.outcome}: ${report.headline}`],
    [
      cancelled === (chaosCase.gateEnd === 'cancel'),
      `the run was ${cancelled ? '' : 'not '}cancelled in Temporal`,
    ],
    [failedTasks.length === 0, `workflow tasks failed: ${failedTasks.join('; ')}`],
    [unnamed.length === 0, `the headline does not name ${unnamed.map(({ inForce }) => inForce).join('; ')}`],
    ...atMostOnce(aftermath),
    ...restoreRules(aftermath),
    ...gateRules(aftermath),
    await standsAsReported(aftermath, settlesWithinMs),
  ];
  return rules.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
}

/** What cannot be taken back happened once where its step was done, and not at all where it was not. */
function atMostOnce({ report, effects }: Aftermath): readonly Rule[] {
  const stateOf = (id: string) => report.status.steps.find((step) => step.id === id)?.state;
  return effects.map(({ steps, what, count }): Rule => {
    const wanted = steps.some((id) => id !== 'tell-users' && stateOf(id) === 'done') ? 1 : 0;
    return [count === wanted, `${count} ${what} instead of ${wanted}`];
  });
}

function restoreRules({ chaosCase, report, restores }: Aftermath): readonly Rule[] {
  const approvals = report.status.decisions.filter(
    ({ kind, step, accepted }) => kind === 'approve' && step === 'restore-database' && accepted,
  );
  const opening = runbooks[chaosCase.scenario].steps.find(
    (step) => step.kind === 'action' && step.resumesWriters === true,
  );
  const resumedAt = report.status.steps.find(({ id }) => id === opening?.id)?.startedAt ?? null;
  return [
    [restores.slice(0, -1).every(({ ran }) => !ran), 'a second restore was asked for after one that ran'],
    [
      restores.every(({ at }, n) => Date.parse(approvals[n]?.at ?? '') <= Date.parse(at)),
      'a restore was asked for without an approval of its own before it',
    ],
    [
      resumedAt === null || restores.every(({ at }) => Date.parse(at) <= Date.parse(resumedAt)),
      'a restore was asked for after writers resumed',
    ],
  ];
}

/** The gate said before what its end came to. */
function gateRules({ chaosCase, gateLedTo, report }: Aftermath): readonly Rule[] {
  if (chaosCase.gateEnd === null) return [];
  const { steps, safeState } = runbooks[chaosCase.scenario];
  const step = steps.find(({ id }) => id === chaosCase.step);
  const optional = step?.kind === 'destructive' && step.optional;
  const declared = optional
    ? 'the step is left out and the run goes on'
    : report.status.destroyed
      ? safeState.afterDestruction
      : safeState.beforeDestruction;
  return [[gateLedTo === declared, `the gate said "${gateLedTo ?? 'nothing'}", declared is "${declared}"`]];
}

async function standsAsReported(
  { report, whole, found, standing, effects }: Aftermath,
  settlesWithinMs: number,
): Promise<Rule> {
  const restores = effects.find(({ what }) => what === 'restores')?.count ?? 0;
  const reported = JSON.stringify(reportedStanding(report, { whole, found, restores }));
  let seen = '';
  await eventually(
    'production as reported',
    async () => {
      seen = JSON.stringify(await standing());
      return seen === reported || undefined;
    },
    settlesWithinMs,
  ).catch(() => undefined);
  return [seen === reported, `production stands as ${seen}, reported is ${reported}`];
}
