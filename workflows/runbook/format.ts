import type { ExpectedDuration } from '../contracts/policy.ts';

/** A duration for people, such as `1 h 02 min`, `4 min 05 s`, `850 ms`; `unknown` for null. Input in ms. */
export function duration(ms: number | null): string {
  if (ms === null) return 'unknown';
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** What an expected duration rests on. */
export function basisOf({ minMs, maxMs, measured }: ExpectedDuration): string {
  return measured === undefined
    ? 'by the policy'
    : `measured: median ${duration(minMs)} of the last ${measured.runs} ${measured.of}, worst ${duration(maxMs)}`;
}

/** A count for people, `unknown` for null. */
export function count(value: number | null): string {
  return value === null ? 'unknown' : String(value);
}

/** Integer UTC seconds as `2026-01-31 14:05:09 UTC`. */
export function utcSecond(unix: number): string {
  return utc(new Date(unix * 1000).toISOString());
}

/** RFC 3339 UTC text as `2026-01-31 14:05:09 UTC`, with its fraction where it has one that is not zero; `unknown` for null. */
export function utc(moment: string | null): string {
  if (moment === null) return 'unknown';
  return `${moment
    .replace('T', ' ')
    .replace(/(\.\d*?)0*(Z|\+00(:00)?)$/, (_all, fraction: string) => (fraction === '.' ? '' : fraction))
    .replace(/(Z|\+00(:00)?)$/, '')} UTC`;
}

/** Bytes as `3.4 MB`. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let unit = '';
  for (const candidate of units) {
    if (scaled < 1000) break;
    scaled /= 1000;
    unit = candidate;
  }
  return `${scaled.toFixed(1)} ${unit}`;
}

/** `1 row`, `2 rows`, `unknown rows`. */
export function plural(value: number | null, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
