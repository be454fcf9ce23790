import type { BackupInput, BackupTier, OperationCheck, OperationRecord } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { bytes, duration, plural, utc } from '../runbook/format.ts';
import { checkExposure } from './loss-exposure.ts';
import { type OperationResult, runOperation } from './operation.ts';
import { rotationOf } from './plan-retention.ts';
import { type StoredEverywhere, storePatiently } from './store-backup.ts';

/** What broke off longer ago than this is removed, ms; longer than any backup takes. */
const leftoversOlderThanMs = 6 * 3_600_000;

/**
 * Takes one backup and stores it, verified, at every location. Fails when any location lacks it, and when the half-hourly
 * ones cannot keep complete failure's RPO. A SQL dump is filed beside them and counts for neither.
 */
export async function backup(input: BackupInput): Promise<OperationRecord> {
  const { tier } = input;
  return runOperation(
    {
      name: 'backup',
      tier,
      title: 'Backup',
      failureMeans: 'Until one succeeds, complete failure would lose everything since the last good backup.',
      work: (_input: BackupInput, policy) => takeBackup(tier, policy),
    },
    input,
  );
}

/** Takes a backup and says where it lies, with what complete failure could lose at most. */
export async function takeBackup(tier: BackupTier, policy: Policy): Promise<OperationResult> {
  const startedMs = Date.now();
  const {
    backup: stored,
    copies,
    leftovers,
  } = await storePatiently(
    {
      kind: tier,
      at: new Date(startedMs).toISOString(),
      schemas: policy.schemas,
      leftoversOlderThanMs,
      locking: { mode: policy.backups.objectLock, rotation: rotationOf(policy) },
    },
    policy.backups.storeAgainAfterMs,
  );
  const tookMs = Date.now() - startedMs;
  const rows = stored.tables.reduce((sum, table) => sum + table.rows, 0);
  return {
    summary: `${stored.key}, ${plural(rows, 'row', 'rows')}, ${bytes(stored.bytes)}, in ${duration(tookMs)}`,
    checks: [
      ...locationChecks('stored and verified', stored),
      ...copies.flatMap((copy) => locationChecks(`kept as ${copy.key.split('/', 1)[0]}`, copy)),
      ...(tier === 'sql' ? [] : [checkExposure(policy, tookMs)]),
    ],
    details: leftovers.flatMap(leftoverLines),
  };
}

/** A location that failed fails the backup; the others keep what they have. */
function locationChecks(what: string, { locations }: StoredEverywhere['backup']): readonly OperationCheck[] {
  return locations.flatMap((one) => [
    {
      name: `${what} at ${one.location}`,
      passed: one.stored,
      found: one.stored ? `${one.how}${lockedText(one.lock)}` : one.failure.message,
      expected: 'there, and read back whole',
    },
    ...(one.stored && one.lock !== undefined && 'failure' in one.lock
      ? [
          {
            name: `locked at ${one.location}`,
            passed: false,
            found: one.lock.failure.message,
            expected: 'locked until its retention ends: the bucket has Object Lock',
          },
        ]
      : []),
  ]);
}

type Lock = NonNullable<
  Extract<StoredEverywhere['backup']['locations'][number], { readonly stored: true }>['lock']
>;

function lockedText(lock: Lock | undefined): string {
  return lock !== undefined && 'until' in lock ? `, locked until ${utc(lock.until)}` : '';
}

function leftoverLines({
  location,
  objects,
  unfinished,
  failure,
}: StoredEverywhere['leftovers'][number]): readonly string[] {
  if (failure !== null) return [`${location}: leftovers were not removed: ${failure.message}`];
  if (objects.length + unfinished === 0) return [];
  return [
    `${location}: removed what broke off: ${plural(unfinished, 'unfinished file', 'unfinished files')}${objects.map((key) => `, ${key}`).join('')}`,
  ];
}
