import { formatAgo } from './output/duration.ts';

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(?:([Zz])|([+-])(\d{2}):(\d{2}))?$/;

const example = '2025-11-29T03:12:00Z or 2025-11-29T04:12:00+01:00';

/** A moment that was given by a person: the text to hand on, which may be finer than ms, and the instant. */
export interface Moment {
  /** RFC 3339 with offset. */
  readonly text: string;
  readonly at: Date;
}

/**
 * Reads a moment that a person typed. Refused: no offset, malformed, no such day or hour, in the future.
 *
 * @param text as typed
 * @param name of the option, such as `--at`
 * @param now the present
 * @returns the moment, or one sentence that says what is wrong with it
 */
export function parseMoment(
  text: string,
  name: string,
  now: Date,
): { readonly moment: Moment } | { readonly problem: string } {
  const trimmed = text.trim();
  const match = rfc3339.exec(trimmed);
  if (match === null) {
    return { problem: `${name}: "${text}" is not a time. Write it as ${example}.` };
  }
  const [, year, month, day, hour, minute, second, , zulu, sign, offsetHour, offsetMinute] = match;
  if (zulu === undefined && sign === undefined) {
    return {
      problem: `${name}: "${text}" has no offset, so it could mean another moment. Write ${example}.`,
    };
  }
  const exists =
    isDay(Number(year), Number(month), Number(day)) &&
    Number(hour) <= 23 &&
    Number(minute) <= 59 &&
    Number(second) <= 59 &&
    Number(offsetHour ?? 0) <= 23 &&
    Number(offsetMinute ?? 0) <= 59;
  const normal = trimmed.toUpperCase().replace(' ', 'T');
  const at = new Date(normal.replace(/(\.\d{3})\d+/, '$1'));
  if (!exists || Number.isNaN(at.getTime())) {
    return { problem: `${name}: "${text}" does not exist: no such day, hour or offset.` };
  }
  if (at.getTime() > now.getTime()) {
    return {
      problem: `${name}: "${text}" is in the future; now it is ${formatUtc(now)}. Check date and offset.`,
    };
  }
  return { moment: { text: normal, at } };
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Writes an instant as `2025-11-29 03:12:00 UTC`. */
function formatUtc(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Writes an instant in this machine's time zone, as `04:12:00 Europe/Berlin`, with the date where it differs. */
function formatLocal(at: Date): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return at.toISOString().startsWith(date) ? `${time} ${zone}` : `${date} ${time} ${zone}`;
}

/** Writes an instant so that nobody mistakes it: UTC, local, and how long ago. */
export function echoMoment(at: Date, now: Date): string {
  return `${formatUtc(at)} (${formatLocal(at)}), ${formatAgo(now.getTime() - at.getTime())}`;
}
