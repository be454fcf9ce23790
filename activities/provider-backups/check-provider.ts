import { checkNames } from '../../workflows/contracts/check-names.ts';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { ProviderBackup, RestoreWindow } from '../../workflows/contracts/recovery-point.ts';
import { DrError } from '../errors.ts';
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
  /** When the daily backup is to begin where there is no PITR, `HH:MM:SS` UTC. */
  readonly dailyAt: string;
  /** How old the newest daily backup may be where there is no PITR, its grace included. */
  readonly dailyMaxAgeMs: number;
  /** How long backups must be kept, by the provider or by us. */
  readonly historyMs: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Looks at the provider's backups. PITR ends daily backups, so with PITR the window is what counts, and without it the
 * schedule and the daily backups. An objective that the provider cannot meet is advice: it stands there, failed, and
 * fails nothing. Failed checks are results.
 *
 * @throws DrError `provider-*`
 */
export async function checkProvider(
  platform: Pick<DatabasePlatform, 'recoverability' | 'dailyBackupTime'>,
  expectation: ProviderExpectation,
): Promise<readonly OperationCheck[]> {
  const { pitrEnabled, window, backups } = await platform.recoverability();
  const nowMs = Date.parse(expectation.now);
  const completed = backups
    .filter(({ status }) => status === 'COMPLETED')
    .map(({ insertedAt }) => Date.parse(insertedAt))
    .sort((a, b) => b - a);
  if (pitrEnabled) {
    return [
      ...windowChecks(window, expectation, nowMs),
      historyCheck(backups, completed, window === null ? [] : [window.earliestUnix * 1000], expectation),
      objectiveCheck(
        `the provider lags ${seconds(expectation.usualLagMs)}`,
        expectation.usualLagMs,
        expectation,
      ),
    ];
  }
  return [
    await scheduleCheck(platform, expectation),
    dailyCheck(completed, expectation, nowMs),
    historyCheck(backups, completed, completed, expectation),
    objectiveCheck('without point-in-time recovery up to a day is lost', dayMs, expectation),
  ];
}

function windowChecks(
  window: RestoreWindow | null,
  { windowMs, maxLagMs }: ProviderExpectation,
  nowMs: number,
): OperationCheck[] {
  if (window === null) {
    return [
      {
        name: checkNames.providerWindow,
        passed: false,
        found: 'none',
        expected: `at least ${days(windowMs)}`,
      },
    ];
  }
  const reachMs = nowMs - window.earliestUnix * 1000;
  const behindMs = nowMs - window.latestUnix * 1000;
  return [
    {
      name: checkNames.providerWindow,
      passed: reachMs >= windowMs,
      found: days(reachMs),
      expected: `at least ${days(windowMs)}`,
    },
    {
      name: checkNames.providerPoint,
      passed: behindMs <= maxLagMs,
      found: `${seconds(behindMs)} ago (${new Date(window.latestUnix * 1000).toISOString()})`,
      expected: `at most ${seconds(maxLagMs)} ago`,
    },
  ];
}

async function scheduleCheck(
  platform: Pick<DatabasePlatform, 'dailyBackupTime'>,
  { dailyAt }: ProviderExpectation,
): Promise<OperationCheck> {
  const name = checkNames.providerSchedule;
  const expected = `${dailyAt} UTC`;
  try {
    const found = await platform.dailyBackupTime();
    return { name, passed: found === dailyAt, found: `${found} UTC`, expected };
  } catch (error) {
    if (!(error instanceof DrError) || error.type !== 'provider-refused') throw error;
    return { name, passed: false, found: error.explanation.happened, expected };
  }
}

function dailyCheck(
  [newest, ...older]: readonly number[],
  { dailyMaxAgeMs }: ProviderExpectation,
  nowMs: number,
): OperationCheck {
  return {
    name: checkNames.providerDaily,
    passed: newest !== undefined && nowMs - newest <= dailyMaxAgeMs,
    found:
      newest === undefined
        ? 'no completed backup'
        : `${new Date(newest).toISOString()}, ${older.length + 1} completed in the list`,
    expected: `completed in the last ${(dailyMaxAgeMs / hourMs).toFixed(0)} h`,
  };
}

/** What the provider lists, and how far back it reaches: what it does not keep, our own copies must. */
function historyCheck(
  backups: readonly ProviderBackup[],
  completed: readonly number[],
  points: readonly number[],
  { now, historyMs }: ProviderExpectation,
): OperationCheck {
  const reachMs = Date.parse(now) - Math.min(Date.parse(now), ...points);
  const listed = completed.map((at) => new Date(at).toISOString().slice(0, 16)).join(', ');
  const others = backups.length - completed.length;
  return {
    name: checkNames.providerHistory,
    passed: true,
    found: [
      `${completed.length} completed${listed === '' ? '' : ` (${listed})`}${others === 0 ? '' : `, ${others} of another status`}`,
      `reaches back ${days(reachMs)}`,
      ...(reachMs < historyMs ? [`the rest of ${days(historyMs)} is held by our own copies`] : []),
    ].join('; '),
    expected: `${days(historyMs)}, there or in our own copies`,
  };
}

function objectiveCheck(
  loses: string,
  lossMs: number,
  { rpoMs }: Pick<ProviderExpectation, 'rpoMs'>,
): OperationCheck {
  const passed = lossMs <= rpoMs;
  return {
    name: checkNames.providerObjective,
    passed,
    advisory: true,
    found: passed ? loses : `${loses}: it CANNOT meet the objective of ${seconds(rpoMs)}`,
    expected: `at most ${seconds(rpoMs)}`,
  };
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
const days = (ms: number): string => `${(ms / dayMs).toFixed(1)} days`;
