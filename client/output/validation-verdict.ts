import type { OperationCheck, OperationRecord } from '../../workflows/contracts/operations.ts';
import { utc } from '../../workflows/runbook/format.ts';

/** Checks that tell how old the newest backup is. */
const recency = /^(provider: (newest|restore window)|own export (present|fresh))/;

const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;

/** What the procedure's `backup-validation.sh` says at its end (section 5); what it does not know of is named. */
export function validationVerdict({ outcome, checks, failure }: OperationRecord): string[] {
  const last = lastBackup(checks);
  return [
    ...(last === null ? [] : [`Last backup: ${last}`]),
    ...new Set(checks.filter(({ passed }) => !passed).map(errorOf)),
    ...(checks.length === 0 && failure !== null ? [failedWithoutChecks(failure)] : []),
    ...(outcome === 'succeeded' ? ['Backup validation passed'] : []),
  ];
}

function lastBackup(checks: readonly OperationCheck[]): string | null {
  const moments = checks
    .filter(({ name }) => name === 'own export fresh' || name === 'provider: newest daily backup')
    .flatMap(({ found }) => moment.exec(found) ?? [])
    .sort((a, b) => Date.parse(b) - Date.parse(a));
  const [newest] = moments;
  return newest === undefined ? null : utc(newest);
}

function errorOf({ name, found }: OperationCheck): string {
  if (recency.test(name)) return 'ERROR: No recent backup found';
  if (name === 'database answers' && !/^\d+ users$/.test(found)) return 'ERROR: Database connection failed';
  return `ERROR: ${name}: ${found}`;
}

function failedWithoutChecks({
  type,
  happened,
}: {
  readonly type: string;
  readonly happened: string;
}): string {
  if (type.startsWith('provider-')) return 'ERROR: No recent backup found';
  if (type.startsWith('database-')) return 'ERROR: Database connection failed';
  return `ERROR: ${happened}`;
}
