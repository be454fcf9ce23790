/** Whether the RTO will be met; `unknown` where the moment of the incident is. */
export type RtoVerdict = 'in-time' | 'will-be-missed' | 'missed' | 'unknown';

/**
 * When users will have the application back, if every step that remains takes as long as it usually does and nobody is
 * waited for. Moments are RFC 3339, UTC.
 */
export interface RtoForecast {
  readonly verdict: RtoVerdict;
  /** When the RTO is used up; null where the moment of the incident is not known. */
  readonly deadlineAt: string | null;
  /** Now and the medians of the steps that remain. */
  readonly endsAt: string;
  /** The same with the worst times. */
  readonly worstEndsAt: string;
  /** Until when people may be waited for: an answer after this comes too late for the RTO; null as `deadlineAt`. */
  readonly answerBy: string | null;
  /** How many of the remaining steps were measured here, and how many have a figure of the policy. */
  readonly measuredSteps: number;
  readonly policySteps: number;
  /** Titles of remaining steps whose time nobody knows: they count as nothing. */
  readonly unknownSteps: readonly string[];
  /** Titles of remaining steps that wait for a person: the wait counts as nothing. */
  readonly waitsForPeople: readonly string[];
  /** Title of the step that has been running for longer than its worst time; null where none has. */
  readonly overrun: string | null;
  /** What could be done about a miss, one sentence each; empty where none is foreseen. */
  readonly options: readonly string[];
}
