import type { MonitorPolicy } from '../workflows/contracts/policy.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const megabyte = 1024 * 1024;

/**
 * How VendHub's production is watched: what the procedure lists under "Detection" (section 4). Thresholds are defaults
 * that a real incident may teach to change; networks are VendHub's to fill in, until then every network is known.
 */
export const monitor: MonitorPolicy = {
  probeEveryMs: 5 * second,
  confirmEveryMs: second,
  everyMs: {
    platform: 15 * second,
    database: 30 * second,
    pages: 30 * minute,
    security: minute,
    advice: hour,
    backups: 10 * minute,
  },
  patienceMs: { pages: 30 * minute, database: minute, other: 20 * second },
  // Two looks, or three where it is asked of something over a network: a lost answer or two open nothing. What stays as it
  // is once it is so, such as a role or a damaged page, needs no second look. What happens once and passes, such as a
  // bulk read, is held for an hour of good looks.
  rules: [
    { signal: 'health-check', scenario: 'application-crash', badAfter: 3, goodAfter: 3 },
    { signal: 'deployment', scenario: 'application-crash', badAfter: 3, goodAfter: 2 },
    { signal: 'error-rate', scenario: null, badAfter: 2, goodAfter: 4 },
    { signal: 'response-time', scenario: null, badAfter: 3, goodAfter: 6 },
    { signal: 'database-provider', scenario: 'complete-failure', badAfter: 3, goodAfter: 2 },
    { signal: 'slow-queries', scenario: null, badAfter: 2, goodAfter: 2 },
    { signal: 'missing-records', scenario: 'data-loss', badAfter: 2, goodAfter: 2 },
    { signal: 'inconsistent-data', scenario: 'data-loss', badAfter: 2, goodAfter: 2 },
    { signal: 'checksum-failures', scenario: 'database-corruption', badAfter: 1, goodAfter: 2 },
    { signal: 'failed-logins', scenario: 'security-breach', badAfter: 1, goodAfter: 2 },
    { signal: 'roles-and-grants', scenario: 'security-breach', badAfter: 1, goodAfter: 2 },
    { signal: 'unknown-networks', scenario: 'security-breach', badAfter: 1, goodAfter: 120 },
    { signal: 'bulk-reads', scenario: 'security-breach', badAfter: 1, goodAfter: 120 },
    { signal: 'security-advice', scenario: null, badAfter: 1, goodAfter: 1 },
    { signal: 'backup-age', scenario: null, badAfter: 2, goodAfter: 1 },
    { signal: 'user-report', scenario: null, badAfter: 1, goodAfter: 1 },
    { signal: 'outside-alert', scenario: null, badAfter: 1, goodAfter: 1 },
  ],
  // How late Railway counts requests is not documented: of two minutes one may be missing.
  errorRate: { windowMs: minute, requestsWindowMs: 2 * minute, share: 0.2, atLeast: 10 },
  responseTime: { medianMs: 2 * second, probes: 5 },
  slowQueries: { runningMs: minute, meanMs: 2 * second, calls: 5 },
  missingRecords: { share: 0.1, atLeast: 10 },
  massChange: { share: 0.5, atLeast: 20 },
  // Machines report their state all at once.
  volatileTables: ['public.machines'],
  unchangingTables: ['public.migrations'],
  largestReadTable: 64 * megabyte,
  failedLogins: { windowMs: 5 * minute, atLeast: 10 },
  // VendHub's own, and those that Supabase makes.
  knownRoles: [
    'postgres',
    'vendhub_app',
    'anon',
    'authenticated',
    'authenticator',
    'service_role',
    'dashboard_user',
    'pgbouncer',
    'supabase_*',
    'pgsodium_*',
    'cli_login_*',
  ],
  knownNetworks: ['0.0.0.0/0', '::/0'],
  bulkReads: { rows: 250_000, exemptRoles: ['postgres', 'supabase_*'] },
};
