import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { ProviderBackup, RestoreWindow } from '../../workflows/contracts/recovery-point.ts';
import type { DatabasePlatform } from '../ports.ts';

/** What the procedure promises of the provider. All times in ms. */
export interface ProviderExpectation {
  /** RFC 3339, UTC. */
  readonly now: string;
  /** How far back a point in time must be restorable. */
  readonly windowMs: number;
  /** How far behind now the newest recovery point usually lies, and how far it may. */
  readonly usualLagMs: number;
  readonly maxLagMs: number;
  /** The objective that the provider is held against. */
  readonly rpoMs: number;
  /** How old the newest daily backup may be where there is no PITR, its grace included. */
  readonly dailyMaxAgeMs: number;
}

const hourMs = 3_600_000;

/**
 * Looks at the provider's backups. PITR ends daily backups, so with PITR the window is what counts, and without it the
 * daily backups. An objective that the provider cannot meet is a finding of its own. Failed checks are results.
 *
 * @throws DrError `provider-*`
 */
export async function checkProvider(
  platform: Pick<DatabasePlatform, 'recoverability'>,
  expectation: ProviderExpectation,
): Promise<readonly OperationCheck[]> {
  const { pitrEnabled, window, backups } = await platform.recoverability();
  const nowMs = Date.parse(expectation.now);
  return pitrEnabled
    ? windowChecks(window, expectation, nowMs)
    : [dailyCheck(backups, expectation, nowMs), pointInTimeMissing(expectation)];
}

function windowChecks(
  window: RestoreWindow | null,
  { windowMs, usualLagMs, maxLagMs, rpoMs }: ProviderExpectation,
  nowMs: number,
): OperationCheck[] {
  if (window === null) {
    return [{ name: 'provider: restore window', passed: false, found: 'none', expected: days(windowMs) }];
  }
  const reachMs = nowMs - window.earliestUnix * 1000;
  const behindMs = nowMs - window.latestUnix * 1000;
  return [
    {
      name: 'provider: restore window reaches back',
      passed: reachMs >= windowMs,
      found: days(reachMs),
      expected: `at least ${days(windowMs)}`,
    },
    {
      name: 'provider: newest recovery point',
      passed: behindMs <= maxLagMs,
      found: `${seconds(behindMs)} ago`,
      expected: `at most ${seconds(maxLagMs)} ago`,
    },
    {
      name: 'provider: recovery point objective',
      passed: true,
      found:
        usualLagMs > rpoMs
          ? `the provider lags ${seconds(usualLagMs)}: it CANNOT meet the objective of ${seconds(rpoMs)}`
          : `the provider lags ${seconds(usualLagMs)}`,
      expected: `the objective is ${seconds(rpoMs)}`,
    },
  ];
}

function dailyCheck(
  backups: readonly ProviderBackup[],
  { dailyMaxAgeMs }: ProviderExpectation,
  nowMs: number,
): OperationCheck {
  const completed = backups
    .filter(({ status }) => status === 'COMPLETED')
    .map(({ insertedAt }) => Date.parse(insertedAt))
    .sort((a, b) => b - a);
  const [newest] = completed;
  return {
    name: 'provider: newest daily backup',
    passed: newest !== undefined && nowMs - newest <= dailyMaxAgeMs,
    found:
      newest === undefined
        ? 'no completed backup'
        : `${new Date(newest).toISOString()}, ${completed.length} completed in the list`,
    expected: `completed in the last ${(dailyMaxAgeMs / hourMs).toFixed(0)} h`,
  };
}

function pointInTimeMissing({ rpoMs }: ProviderExpectation): OperationCheck {
  return {
    name: 'provider: point-in-time recovery',
    passed: false,
    found: 'not enabled',
    expected: `enabled: daily backups cannot meet an objective of ${seconds(rpoMs)}`,
  };
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
const days = (ms: number): string => `${(ms / (24 * hourMs)).toFixed(1)} days`;
