type Moment = {
  readonly minute: number;
  readonly hour: number;
  readonly dayOfMonth: number;
  /** January is 1. */
  readonly month: number;
  readonly dayOfWeek: number;
};

/** What the written procedure says in words, by schedule, with the half-hourly ones of complete failure: an independent telling of the policy's cron. */
export const namedMoments: Readonly<Record<string, (at: Moment) => boolean>> = {
  'provider-check': ({ hour, minute }) => hour === 2 && minute === 30,
  'backup-daily': ({ hour, minute }) => hour === 3 && minute === 0,
  'backup-recent': ({ minute }) => minute === 15 || minute === 45,
  'uploads-sync': ({ minute }) => minute === 10 || minute === 40,
  'configuration-backup': ({ minute }) => minute === 25 || minute === 55,
  'backup-validation': ({ hour, minute }) => hour === 4 && minute === 0,
  retention: ({ hour, minute }) => hour === 4 && minute === 30,
  'restore-test': ({ dayOfWeek, hour, minute }) => dayOfWeek === 0 && hour === 5 && minute === 0,
  drill: ({ dayOfMonth, dayOfWeek, hour, minute }) =>
    dayOfWeek === 1 && dayOfMonth <= 7 && hour === 14 && minute === 0,
  monitor: ({ minute }) => minute % 5 === 0,
  'schedules-check': ({ minute }) => minute === 50,
  'overdue-check': ({ hour, minute }) => hour === 6 && minute === 20,
  'monthly-review': ({ dayOfMonth, dayOfWeek, hour, minute }) =>
    dayOfWeek === 1 && dayOfMonth <= 7 && hour === 15 && minute === 30,
  'security-audit': ({ month, dayOfMonth, hour, minute }) =>
    [1, 4, 7, 10].includes(month) && dayOfMonth === 1 && hour === 15 && minute === 0,
  'plan-review': ({ month, dayOfMonth, hour, minute }) =>
    month === 1 && dayOfMonth === 10 && hour === 15 && minute === 0,
  'full-test': ({ dayOfMonth, dayOfWeek, hour, minute }) =>
    dayOfWeek === 1 && dayOfMonth <= 7 && hour === 14 && minute === 0,
};

/** Every minute from `from` to `to`, both included, that `names` holds for; RFC 3339 UTC. */
export function everyMoment(from: Date, to: Date, names: (at: Moment) => boolean): string[] {
  const found: string[] = [];
  const oneMinute = 60_000;
  for (let at = Math.ceil(from.getTime() / oneMinute) * oneMinute; at <= to.getTime(); at += oneMinute) {
    const minutes = at / oneMinute;
    const date = new Date(at);
    const moment = {
      minute: minutes % 60,
      hour: Math.floor(minutes / 60) % 24,
      dayOfMonth: date.getUTCDate(),
      month: date.getUTCMonth() + 1,
      dayOfWeek: date.getUTCDay(),
    };
    if (names(moment)) found.push(date.toISOString());
  }
  return found;
}
