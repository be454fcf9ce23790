import type { ScheduleSpec } from '../workflows/contracts/operations.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * When the operations run, UTC. Minutes are apart from each other, so that no two of the heavy ones begin together.
 * Overlap and catch-up are chosen for each: what is lost when a run is dropped, and what is gained when it comes late.
 */
export const schedules: readonly ScheduleSpec[] = [
  {
    id: 'provider-check',
    operation: 'provider-check',
    cron: ['30 2 * * *'],
    // It only looks: a second look beside the first finds the same, and a late one is as good until the next day's.
    overlap: 'skip',
    catchupWindowMs: 12 * hour,
    procedure: 'section 1: daily backups, 2:00 AM UTC',
  },
  {
    id: 'backup-daily',
    operation: 'backup',
    tier: 'daily',
    cron: ['0 3 * * *'],
    // The only one of its day: it waits for a slow one before it rather than be dropped, and is made up for until 15:00.
    overlap: 'buffer-one',
    catchupWindowMs: 12 * hour,
    procedure: 'section 2: automated exports, daily at 3 AM',
  },
  {
    id: 'backup-recent',
    operation: 'backup',
    tier: 'recent',
    cron: ['15,45 * * * *'],
    // One that takes longer than its interval has broken the objective already; a second beside or right behind it would
    // slow the database as well. After an outage one is made up for, never a row of them.
    overlap: 'skip',
    catchupWindowMs: 25 * minute,
    procedure: 'section 8: complete failure may lose one hour',
  },
  {
    id: 'uploads-sync',
    operation: 'uploads-sync',
    cron: ['10,40 * * * *'],
    // Each run takes everything that is new: the next makes up for one that was dropped.
    overlap: 'skip',
    catchupWindowMs: 25 * minute,
    procedure: 'section 2: files and uploads; section 8: complete failure may lose one hour',
  },
  {
    id: 'configuration-backup',
    operation: 'configuration-backup',
    // It stores only what has changed since the last time, and the first of each day in any case.
    cron: ['25,55 * * * *'],
    // The next run makes up for one that was dropped: it compares with what is stored, not with the run before.
    overlap: 'skip',
    catchupWindowMs: 25 * minute,
    procedure: 'section 2: configuration backup, on each change and daily',
  },
  {
    id: 'backup-validation',
    operation: 'backup-validation',
    cron: ['0 4 * * *'],
    // A late validation still tells of the night; two at once read the same backups twice.
    overlap: 'skip',
    catchupWindowMs: 12 * hour,
    procedure: 'section 5: daily validation',
  },
  {
    id: 'retention',
    operation: 'retention',
    cron: ['30 4 * * *'],
    // Nothing is lost when backups are kept a day longer: what deletes never runs twice at once and never at odd hours.
    overlap: 'skip',
    catchupWindowMs: hour,
    procedure: 'section 6: 30 daily, 12 weekly, 12 monthly',
  },
  {
    id: 'restore-test',
    operation: 'restore-test',
    cron: ['0 5 * * 0'],
    // The only one of its week: it waits rather than be dropped, and is made up for until the evening.
    overlap: 'buffer-one',
    catchupWindowMs: 12 * hour,
    procedure: 'section 5: weekly restore test',
  },
  {
    id: 'full-test',
    operation: 'full-test',
    // The first Monday: in Temporal, other than in crontab, day of month and day of week must both match.
    cron: ['0 14 1-7 * 1'],
    // The only one of its month: it waits rather than be dropped, and is made up for until the next morning.
    overlap: 'buffer-one',
    catchupWindowMs: 18 * hour,
    procedure: 'section 7: monthly full disaster recovery test',
  },
  {
    // A schedule of its own: the full test belongs to production too, where no drill is ever held. Where both are, the
    // drill lets the full test end before it breaks anything.
    id: 'drill',
    operation: 'drill',
    cron: ['0 14 1-7 * 1'],
    // One may wait at its gate for people for weeks. The next is started all the same, waits for its turn where everybody
    // sees it, and is held then: with any other overlap Temporal would drop one without a word.
    overlap: 'allow-all',
    catchupWindowMs: 18 * hour,
    procedure: 'section 9: monthly drill, first Monday, 2 PM UTC',
  },
  {
    id: 'monitor',
    operation: 'monitor',
    cron: ['*/5 * * * *'],
    // It only starts the monitor where that does not run: the next one makes up for one that was dropped.
    overlap: 'skip',
    catchupWindowMs: 5 * minute,
    procedure: 'section 4: detection, of every scenario',
  },
  {
    id: 'schedules-check',
    operation: 'schedules-check',
    cron: ['50 * * * *'],
    // After an outage the one that was missed tells of it at once; before the next hour only one is of use.
    overlap: 'skip',
    catchupWindowMs: 50 * minute,
    procedure: 'section 7: a backup that was not made is noticed',
  },
  {
    id: 'overdue-check',
    operation: 'overdue-check',
    cron: ['20 6 * * *'],
    // It looks at what is there: a late look finds the same, and two at once would tell nothing more.
    overlap: 'skip',
    catchupWindowMs: 12 * hour,
    procedure: 'sections 5, 9 and 10: drills, tests and reviews that are not done are noticed',
  },
  {
    id: 'monthly-review',
    operation: 'monthly-review',
    cron: ['30 15 1-7 * 1'],
    // It waits for people for days, at most until a week before the next. Should one still be open, the next follows it
    // rather than be dropped; one that was missed is as good a week later.
    overlap: 'buffer-one',
    catchupWindowMs: 7 * day,
    procedure: 'section 7: review backup retention, update recovery procedures',
  },
  {
    id: 'security-audit',
    operation: 'security-audit',
    cron: ['0 15 1 1,4,7,10 *'],
    // As the monthly review: the only one of its quarter.
    overlap: 'buffer-one',
    catchupWindowMs: 30 * day,
    procedure: 'section 10: quarterly security audit',
  },
  {
    id: 'plan-review',
    operation: 'plan-review',
    cron: ['0 15 10 1 *'],
    // The only one of its year.
    overlap: 'buffer-one',
    catchupWindowMs: 60 * day,
    procedure: 'section 10: annual recovery plan review',
  },
];
