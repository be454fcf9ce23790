import { checkNames, isCheck } from '../../workflows/contracts/check-names.ts';
import type { OperationCheck, OperationRecord } from '../../workflows/contracts/operations.ts';
import { utc } from '../../workflows/runbook/format.ts';

/** Checks that tell how old the newest backup is. */
const recency = [
  checkNames.providerWindow,
  checkNames.providerPoint,
  checkNames.providerDaily,
  checkNames.ownPresent,
  checkNames.ownFresh,
] as const;

const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;

/** What the procedure's `backup-validation.sh` says at its end (section 5); what it does not know of is named. */
export function validationVerdict({ outcome, checks, failure }: OperationRecord): string[] {
  const last = lastBackup(checks);
  return [
    ...(last === null ? [] : [`Last backup: ${last}`]),
    ...new Set(checks.filter(({ passed, advisory }) => !passed && advisory !== true).map(errorOf)),
    ...(checks.length === 0 && failure !== null ? [failedWithoutChecks(failure)] : []),
    ...(outcome === 'succeeded' ? ['Backup validation passed'] : []),
    ...checks
      .filter(({ passed, advisory }) => !passed && advisory === true)
      .map(({ name }) => `WARNING: ${name}, see below`),
  ];
}

function lastBackup(checks: readonly OperationCheck[]): string | null {
  const moments = checks
    .filter((check) => isCheck(check, checkNames.ownFresh, checkNames.providerDaily))
    .flatMap(({ found }) => moment.exec(found) ?? [])
    .sort((a, b) => Date.parse(b) - Date.parse(a));
  const [newest] = moments;
  return newest === undefined ? null : utc(newest);
}

function errorOf(check: OperationCheck): string {
  const { name, found } = check;
  if (isCheck(check, ...recency)) return 'ERROR: No recent backup found';
  if (isCheck(check, checkNames.database) && !/^\d+ users$/.test(found))
    return 'ERROR: Database connection failed';
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
