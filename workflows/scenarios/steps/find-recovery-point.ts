import type { Policy } from '../../contracts/policy.ts';
import type { LossSurvey } from '../../contracts/recovery-point.ts';
import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { count, utcSecond } from '../../runbook/format.ts';
import { check } from '../../runbook/runbook.ts';

/** Finds the provider's restore window and, in it, the second to go back to. */
export const findRecoveryPoint = check({
  id: 'find-recovery-point',
  title: 'Find the restore window and the recovery point',
  phase: 'checking',
  validatesInput: () => true,
  run: async ({ target, policy, scenario }) => {
    if (target === null) {
      throw runbookFailure('input-invalid', {
        happened: 'No target was given.',
        meaning: 'There is nothing to restore to.',
        next: 'Start again with --at or --just-before.',
      });
    }
    const recoveryPoint = await activities.restore.findRecoveryPoint({
      target,
      rpoMs: policy.objectives[scenario].rpoMs,
      providerLagMs: policy.restore.providerLagMs,
    });
    return { recoveryPoint };
  },
  summary: (context) => {
    const { targetUnix, window } = context.fact('recoveryPoint');
    return `${utcSecond(targetUnix)}; possible are ${utcSecond(window.earliestUnix)} to ${utcSecond(window.latestUnix)}`;
  },
});

/** Estimates per table what going back would discard and bring back, while the application still writes. */
export const estimateLoss = check({
  id: 'estimate-loss',
  title: 'Estimate what a restore discards and brings back',
  phase: 'checking',
  skippable: 'the plan is made without an estimate; the final counts are taken later',
  run: async ({ policy, environment, fact }) => ({
    estimate: await surveyLoss(policy, environment, fact('recoveryPoint').targetUnix),
  }),
  summary: (context) => lossInOneLine(context.fact('estimate').tables),
});

/** Counts what going back would cost, against the newest baseline from before the target if there is one. */
export async function surveyLoss(
  policy: Policy,
  environment: string,
  targetUnix: number,
): Promise<LossSurvey> {
  const baseline = await activities.evidence.readBaseline({ environment, atOrBeforeUnix: targetUnix });
  const { schemas, timestampColumns } = policy;
  return activities.database.surveyLoss({
    targetUnix,
    schemas,
    timestampColumns,
    ...(baseline === null
      ? {}
      : {
          baseline: {
            recordedUnix: Math.ceil(Date.parse(baseline.takenAt) / 1000),
            tables: baseline.tables,
          },
        }),
  });
}

/** Rows of all tables that going back discards; null when one table's cannot be known. */
export function totalDiscarded({ tables }: LossSurvey): number | null {
  return tables.reduce<number | null>(
    (sum, { discarded }) => (sum === null || discarded === null ? null : sum + discarded),
    0,
  );
}

/** The loss of all tables in one line, with what is not known. */
export function lossInOneLine(
  tables: readonly { readonly discarded: number | null; readonly broughtBack: number | null }[],
): string {
  const known = tables.flatMap(({ discarded }) => (discarded === null ? [] : [discarded]));
  const unknown = tables.length - known.length;
  const rows = known.reduce((sum, discarded) => sum + discarded, 0);
  const back = tables.every(({ broughtBack }) => broughtBack === null)
    ? null
    : tables.reduce((sum, { broughtBack }) => sum + (broughtBack ?? 0), 0);
  return `discards ${rows} rows${unknown > 0 ? ` and an unknown number in ${unknown} tables` : ''}; brings back ${count(back)} rows`;
}
