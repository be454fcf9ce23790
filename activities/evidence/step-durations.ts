import { z } from 'zod';
import { waitedMs } from '../../workflows/contracts/waited.ts';
import { parseStored } from '../alerting/schemas.ts';

const moment = z.iso.datetime({ offset: true });

const measuredStep = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  waitedForPeopleMs: z.number().nonnegative(),
  waits: z.array(z.object({ from: moment, to: moment })).optional(),
});

const measuredReport = z.object({
  restoreMs: z.number().nonnegative().nullish().catch(null),
  status: z.object({ steps: z.array(measuredStep.catch(unreadable)) }).catch({ steps: [] }),
});

/** A step as a stored report tells of it. */
export type MeasuredStep = z.infer<typeof measuredStep>;

/** What a stored report tells of times. */
export interface MeasuredReport {
  readonly restoreMs: number | null;
  readonly steps: readonly MeasuredStep[];
}

/** Undefined for a report that is not there or cannot be read; a part that cannot be read is left out. */
export function readMeasuredReport(text: string | undefined): MeasuredReport | undefined {
  const data = parseStored(measuredReport, text);
  return data && { restoreMs: data.restoreMs ?? null, steps: data.status.steps };
}

/**
 * How long a step took in its last run, ms, without waits for people. Null for one that was not done or is done by a
 * person, and where an old report does not tell which of the waits belong to the last run.
 */
export function stepTook({
  kind,
  state,
  startedAt,
  finishedAt,
  waits,
  waitedForPeopleMs,
}: MeasuredStep): number | null {
  if (state !== 'done' || kind === 'manual' || startedAt === null || finishedAt === null) return null;
  const [from, to] = [Date.parse(startedAt), Date.parse(finishedAt)];
  const waited = waits === undefined ? waitedForPeopleMs : waitedMs(waits, from, to);
  return waited <= to - from ? to - from - waited : null;
}

function unreadable(): MeasuredStep {
  return {
    id: '',
    kind: '',
    state: '',
    startedAt: null,
    finishedAt: null,
    waitedForPeopleMs: 0,
  };
}
