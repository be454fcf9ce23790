import type { DestructivePlan } from '../../workflows/contracts/evidence.ts';
import type { Database } from '../ports.ts';
import { type LossQuestion, surveyLoss } from './survey-loss.ts';

/** What was approved, to be held against the database as it is now. */
export interface LossLimits extends Omit<LossQuestion, 'baseline'> {
  /** The approved plan's limits; a table that is not named may lose nothing. */
  readonly maximumLoss: DestructivePlan['maximumLoss'];
}

/** Whether an approval still covers what would be lost. */
export interface LossRecheck {
  readonly holds: boolean;
  /** One sentence for each table that would lose more than was approved. */
  readonly reasons: readonly string[];
}

/**
 * Surveys again, just before the destructive call, and holds the loss against what was approved. A table approved
 * with an unbounded loss (null) always holds; one with a bound does not when its loss cannot be known now.
 *
 * @throws DrError `database-unreachable` (retried), `database-login-refused`, `database-query-failed`
 */
export async function recheckLoss(
  database: Database,
  { maximumLoss, ...question }: LossLimits,
): Promise<LossRecheck> {
  const survey = await surveyLoss(database, question);
  const reasons = survey.tables.flatMap(({ table, discarded, present }) => {
    const approved = maximumLoss.find((entry) => entry.table === table);
    const limit = approved === undefined ? 0 : approved.rows;
    if (limit === null || (discarded !== null && discarded <= limit) || present === 0) return [];
    const found = discarded === null ? 'an unknown number of' : String(discarded);
    const allowed =
      approved === undefined ? 'the table is not in the approved plan' : `approved are ${limit}`;
    return [`${table} would lose ${found} rows; ${allowed}.`];
  });
  return { holds: reasons.length === 0, reasons };
}
