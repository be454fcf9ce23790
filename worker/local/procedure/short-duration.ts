import { duration } from '../../../workflows/runbook/format.ts';

/** A duration (ms) for people, without the seconds of whole minutes: `30 min`, `1 min 30 s`. */
export function shortDuration(ms: number): string {
  return duration(ms)
    .replace(/ min 00 s$/, ' min')
    .replace(/ h 00 min$/, ' h');
}
