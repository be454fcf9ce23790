import type { Policy } from '../workflows/contracts/policy.ts';
import { attestations } from './attestations.ts';
import { drill } from './drill.ts';
import { monitor } from './monitor.ts';
import { overdueAfterMs, reviews } from './reviews.ts';
import { schedules } from './schedules.ts';
import { security } from './security.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * What VendHub's procedures decide. Objectives: procedure, section 8. Expected durations: section 3. People and
 * addresses are VendHub's to fill in; the rest are defaults that a real incident may teach to change.
 */
export const policy: Policy = {
  objectives: {
    'database-corruption': { rtoMs: 15 * minute, rpoMs: minute },
    'application-crash': { rtoMs: 5 * minute, rpoMs: 0 },
    'data-loss': { rtoMs: 30 * minute, rpoMs: minute },
    'security-breach': { rtoMs: hour, rpoMs: minute },
    'complete-failure': { rtoMs: 2 * hour, rpoMs: hour },
  },
  expected: {
    restore: { minMs: 5 * minute, maxMs: 10 * minute },
    restoreOwnBackup: null,
    redeploy: { minMs: 2 * minute, maxMs: 5 * minute },
    steps: {},
  },
  people: [
    { name: 'oncall', email: 'oncall@vendhub.local', mayApprove: true },
    { name: 'admin', email: 'admin@vendhub.local', mayApprove: true },
  ],
  approval: { secondPerson: true, remindAtRtoFraction: 0.1, escalateAtRtoFraction: 0.25, expireMs: 4 * hour },
  mail: {
    team: ['admin@vendhub.local'],
    userRecipients: 'SELECT email FROM public.users ORDER BY id',
    userSubject: 'VendHub: some of your latest purchases are being checked',
    userBody: [
      'Dear VendHub customer,',
      '',
      'after a technical fault we restored our records as of {{recoveredTo}}. Purchases between then and',
      '{{discardedTo}} may be missing from your account. We are checking them; you need not do anything.',
      '',
      'VendHub',
    ].join('\n'),
  },
  fence: {
    operatorCidrs: ['127.0.0.1/32'],
    quietMs: 10 * second,
    deadlineMs: 2 * minute,
    openRoads: [
      'the HTTPS APIs of Supabase (REST, Auth, Storage): network restrictions do not close them',
      'jobs that run inside the database (pg_cron)',
      'edge functions with their own credentials over HTTPS',
    ],
  },
  marker: { everyMs: 5 * second },
  safetyCopy: { maxBytes: 20e9, maxDurationMs: 10 * minute },
  restore: {
    requestDeadlineMs: 15 * second,
    settleMs: 2 * minute,
    deadlineMs: 30 * minute,
    providerLagMs: 2 * minute,
    confirmBeforeResume: true,
  },
  health: { watchMs: minute, probeEveryMs: 5 * second, deadlineMs: 10 * minute },
  // By the procedure, recovery from a crash is automatic and takes 1 to 5 minutes. Where releases change the schema so
  // that older code cannot work with it, set rollbackWithoutApproval to false.
  crash: {
    persistentAfter: 2,
    withinMs: 3 * minute,
    restartDeadlineMs: minute,
    newDeploymentMs: 15 * minute,
    rollbackWithoutApproval: true,
  },
  uploads: {
    from: { kind: 'bucket', store: 'primary', bucket: 'vendhub-uploads' },
    to: { kind: 'folder', folder: 's3-backup' },
    places: {
      application: { kind: 'bucket', store: 'primary', bucket: 'vendhub-uploads' },
      copy: { kind: 'folder', folder: 's3-backup' },
      second: { kind: 'bucket', store: 'second', bucket: 'vendhub-uploads' },
      supabase: { kind: 'bucket', store: 'supabase', bucket: 'vendhub-uploads' },
    },
  },
  security,
  monitor,
  standby: { uploads: null },
  backups: {
    alertAddress: 'admin@vendhub.local',
    alertSubject: 'Backup Failed - VH-M24 Production',
    recoverySubject: 'Backup Works Again - VH-M24 Production',
    keep: { daily: 30, weekly: 12, monthly: 12, sql: 12 },
    keepRecentMs: 2 * day,
    keepRecordsMs: 100 * day,
    storeAgainAfterMs: [30 * second, 2 * minute],
    objectLock: 'GOVERNANCE',
    maxAgeMs: { daily: day + 2 * hour, recent: hour },
    sizeFactor: 2,
    minFreeBytes: 5e9,
    recentIntervalMs: 30 * minute,
    usersTable: 'public.users',
    minimumUsers: 100,
    restoreTestMaxMs: 2 * hour,
    restoreTestFrom: 's3',
    provider: {
      windowMs: 7 * day,
      maxLagMs: 5 * minute,
      dailyAt: '02:00:00',
      dailyMaxAgeMs: day + 2 * hour,
      historyMs: 30 * day,
    },
    deletedUploadsGraceMs: 30 * day,
  },
  drill,
  schedules,
  verification: {
    drillCountsForMs: {
      // The drill of every month, with the days by which first Mondays differ.
      'database-corruption': 36 * day,
      'application-crash': 98 * day,
      'data-loss': 98 * day,
      'security-breach': 190 * day,
      'complete-failure': 190 * day,
    },
    drillsOf: [],
  },
  overdueAfterMs,
  reviews,
  attestations,
  pollEveryMs: 2 * second,
  schemas: ['public'],
  timestampColumns: [
    { table: 'public.users', column: 'updated_at' },
    { table: 'public.products', column: 'updated_at' },
    { table: 'public.sales', column: 'created_at' },
    { table: 'public.dispense_jobs', column: 'created_at' },
    { table: 'public.machines', column: null },
    { table: 'public.product_images', column: null },
  ],
  invariants: [
    {
      name: 'at least 100 users',
      countViolations: 'SELECT CASE WHEN count(*) < 100 THEN 1 ELSE 0 END FROM public.users',
      allowed: 0,
    },
    {
      name: 'no sale without an amount',
      countViolations: 'SELECT count(*) FROM public.sales WHERE amount_cents <= 0',
      allowed: 0,
    },
    {
      name: 'every dispense job belongs to a sale',
      countViolations:
        'SELECT count(*) FROM public.dispense_jobs j WHERE NOT EXISTS (SELECT FROM public.sales s WHERE s.id = j.sale_id)',
      allowed: 0,
    },
  ],
  jobQueues: [
    {
      table: 'public.dispense_jobs',
      keyColumn: 'id',
      statusColumn: 'status',
      pendingStatus: 'pending',
      heldStatus: 'held',
    },
  ],
  applicationRoles: [{ role: 'vendhub_app', variable: 'DATABASE_URL' }],
  fileReferences: [{ table: 'public.product_images', column: 'object_key', bucket: 'vendhub-uploads' }],
};
