const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps between two ticks of a duration that a person counts in, ms. */
const durationSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * second),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
];

/** A tick of an axis: where, and what is written there. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Maps a value of a domain to 0 to 1; the middle where the domain is empty. */
export function linear(from: number, to: number): (value: number) => number {
  return (value) => (to === from ? 0.5 : (value - from) / (to - from));
}

/**
 * Ticks of a duration from 0, at seconds, minutes, hours or days that are counted in.
 *
 * @param maxMs where the axis ends at least, ms
 * @param wanted about how many
 * @returns from 0 to the first that is not below `maxMs`
 */
export function durationTicks(maxMs: number, wanted: number): readonly Tick[] {
  const least = maxMs / wanted;
  const step = durationSteps.find((candidate) => candidate >= least) ?? day * roundStep(least / day);
  return ticksOf(step, maxMs, durationLabel);
}

/** Ticks of bytes from 0, decimal, as {@link durationTicks}. */
export function byteTicks(maxBytes: number, wanted: number): readonly Tick[] {
  return ticksOf(Math.max(1, roundStep(maxBytes / wanted)), maxBytes, byteLabel);
}

/**
 * Ticks of a calendar in UTC: days, weeks, months or years, at the beginning of each.
 *
 * @param fromMs since 1970
 * @param toMs since 1970
 * @param most how many at most
 */
export function dateTicks(fromMs: number, toMs: number, most: number): readonly Tick[] {
  for (const days of [1, 2, 7, 14]) {
    if ((toMs - fromMs) / (days * day) > most) continue;
    const first = Math.ceil(fromMs / day) * day;
    const count = Math.floor((toMs - first) / (days * day)) + 1;
    return Array.from({ length: Math.max(0, count) }, (_none, index) => dayTick(first + index * days * day));
  }
  for (const months of [1, 2, 3, 6, 12, 24, 60, 120]) {
    const ticks = monthTicks(fromMs, toMs, months);
    if (ticks.length <= most) return ticks;
  }
  return [];
}

/** A duration for an axis, such as `30 s`, `5 min`, `1 h`, `1.5 h`, `3 d`. */
export function durationLabel(ms: number): string {
  if (ms === 0) return '0';
  for (const [size, unit] of [
    [day, 'd'],
    [hour, 'h'],
    [minute, 'min'],
    [second, 's'],
  ] as const) {
    if (ms >= size) return `${plain(ms / size)} ${unit}`;
  }
  return `${plain(ms)} ms`;
}

function byteLabel(bytes: number): string {
  if (bytes === 0) return '0';
  for (const [size, unit] of [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const) {
    if (bytes >= size) return `${plain(bytes / size)} ${unit}`;
  }
  return `${plain(bytes)} B`;
}

function ticksOf(step: number, max: number, label: (value: number) => string): readonly Tick[] {
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: count + 1 }, (_none, index) => ({
    value: index * step,
    label: label(index * step),
  }));
}

/** The next of 1, 2, 5, 10, 20, 50 …. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

function monthTicks(fromMs: number, toMs: number, months: number): readonly Tick[] {
  const from = new Date(fromMs);
  const firstMonth = from.getUTCFullYear() * 12 + from.getUTCMonth();
  const ticks: Tick[] = [];
  for (let month = Math.ceil(firstMonth / months) * months; ; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (at > toMs) return ticks;
    if (at >= fromMs) ticks.push({ value: at, label: monthLabel(at) });
  }
}

/** January carries its year, so that a reader knows which one. */
function monthLabel(at: number): string {
  const date = new Date(at);
  return date.getUTCMonth() === 0 ? String(date.getUTCFullYear()) : (monthNames[date.getUTCMonth()] ?? '');
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayTick(at: number): Tick {
  const date = new Date(at);
  return { value: at, label: `${date.getUTCDate()} ${monthNames[date.getUTCMonth()]}` };
}

function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}
