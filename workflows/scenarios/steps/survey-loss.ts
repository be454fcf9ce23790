import type { Policy } from '../../contracts/policy.ts';
import type { LossSurvey } from '../../contracts/recovery-point.ts';
import { activities } from '../../runbook/activities.ts';
import { count } from '../../runbook/format.ts';

/**
 * Counts what going back would cost, against the newest baseline from before the target if there is one.
 *
 * @param more.settledUpToBytes see `LossQuestion`: for a survey that is to be a baseline itself
 */
export async function surveyLoss(
  policy: Policy,
  environment: string,
  targetUnix: number,
  more: { readonly settledUpToBytes?: number } = {},
): Promise<LossSurvey> {
  const baseline = await activities.evidence.readBaseline({ environment, atOrBeforeUnix: targetUnix });
  const { schemas, timestampColumns } = policy;
  return activities.database.surveyLoss({
    targetUnix,
    schemas,
    timestampColumns,
    ...more,
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
