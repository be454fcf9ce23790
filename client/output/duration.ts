import { duration } from '../../workflows/runbook/format.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Writes how long ago something was, from its age in ms, in the largest unit that fits: `12 min ago`. */
export function formatAgo(ageMs: number): string {
  const age = Math.max(0, ageMs);
  if (age < minute) return `${Math.floor(age / 1000)} s ago`;
  if (age < 2 * hour) return `${Math.floor(age / minute)} min ago`;
  if (age < 2 * day) return `${Math.floor(age / hour)} h ago`;
  return `${Math.floor(age / day)} d ago`;
}

/** Writes an expected duration in ms: `5 min 00 s to 10 min 00 s`, or `unknown`. */
export function formatExpected(expected: { readonly minMs: number; readonly maxMs: number } | null): string {
  if (expected === null) return 'unknown';
  const [least, most] = [duration(expected.minMs), duration(expected.maxMs)].map((text) =>
    text.replace(/ min 00 s$/, ' min'),
  );
  return least === most ? `${least}` : `${least} to ${most}`;
}
