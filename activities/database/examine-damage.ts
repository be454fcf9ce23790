import { z } from 'zod';
import type { DamageFinding, DamageReport, VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { Invariant, TimestampColumn } from '../../workflows/contracts/policy.ts';
import type { TableLoss } from '../../workflows/contracts/recovery-point.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import { runAmcheck } from './amcheck.ts';
import { flushCounters } from './flush-counters.ts';
import { checkForeignKeys } from './foreign-keys.ts';
import { checkIndexAgreement } from './index-agreement.ts';
import { checkIndexes } from './indexes.ts';
import { checkInvariants } from './invariants.ts';
import { readRow } from './rows.ts';
import { inSnapshot } from './snapshot.ts';
import { type RowCountBaseline, surveyWithinSnapshot } from './survey-loss.ts';
import { listTables } from './tables.ts';

/** Where to look for damage, and what the data is held against. */
export interface DamageQuestion {
  readonly schemas: readonly string[];
  readonly timestampColumns: readonly TimestampColumn[];
  readonly invariants: readonly Invariant[];
  /** Row counts of an earlier moment; null when there are none. */
  readonly baseline: RowCountBaseline | null;
}

/** The counter is null where the server keeps no checksums. */
const checksums = `
  SELECT (SELECT checksum_failures::int FROM pg_stat_database WHERE datname = current_database()) AS failures,
         (SELECT to_char(checksum_last_failure AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
            FROM pg_stat_database WHERE datname = current_database()) AS last`;

const clock = 'SELECT extract(epoch FROM clock_timestamp())::bigint::text AS now';

const checksumRow = z.object({
  failures: z.number().int().nullable(),
  last: z.string().nullable(),
});

/**
 * Reads every table and index for damage, in one snapshot, and changes nothing. Each page is read, so that checksums
 * are looked at; rows in the table are held against its indexes, since a page of zeros passes every checksum; `amcheck`
 * runs where it is installed. Broken references, violated invariants and rows fewer than once are signs: other faults
 * leave them as well.
 *
 * @throws DrError `database-unreachable` (retried), `database-login-refused`, `database-query-failed`
 */
export async function examineDamage(database: Database, question: DamageQuestion): Promise<DamageReport> {
  return database.session(async (session) => {
    const found = await inSnapshot(session, () => examine(session, question));
    const { failures, last } = await readChecksumFailures(session);
    const noChecksums = failures === null ? ['checksums: the server keeps none'] : [];
    return {
      ...found,
      checksumFailures: failures,
      lastChecksumFailureAt: last,
      notExamined: [...found.notExamined, ...noChecksums],
    };
  });
}

async function readChecksumFailures(session: DatabaseSession) {
  await flushCounters(session);
  return readRow(session, checksumRow, checksums);
}

async function examine(
  session: DatabaseSession,
  { schemas, timestampColumns, invariants, baseline }: DamageQuestion,
): Promise<Omit<DamageReport, 'checksumFailures' | 'lastChecksumFailureAt'>> {
  const { now } = await readRow(session, z.object({ now: z.coerce.number().int() }), clock);
  const survey = await surveyWithinSnapshot(session, { targetUnix: now, schemas, timestampColumns });
  const tables = await listTables(session, schemas, timestampColumns);
  const amcheck = await runAmcheck(session, schemas);
  const findings = [
    ...survey.tables.flatMap(unreadable),
    ...failedOf(await checkIndexAgreement(session, tables), true),
    ...amcheck.findings,
    ...failedOf([await checkIndexes(session, schemas)], false),
    ...failedOf(await checkForeignKeys(session, schemas), false),
    ...failedOf(await checkInvariants(session, invariants), false),
    ...fewerRows(survey.tables, baseline),
  ];
  return {
    examinedAt: survey.surveyedAt,
    findings,
    damagedTables: names(findings.flatMap(({ table, proves }) => (proves && table !== null ? [table] : []))),
    unreadableTables: names(
      survey.tables.filter(({ unreadablePages }) => unreadablePages !== undefined).map(({ table }) => table),
    ),
    notExamined: [
      ...amcheck.notExamined,
      ...(baseline === null ? ['row counts against a baseline: none was recorded'] : []),
    ],
  };
}

function unreadable({ table, present, unreadablePages }: TableLoss): DamageFinding[] {
  if (unreadablePages === undefined) return [];
  return [
    {
      table,
      found: `${unreadablePages} pages of ${table} cannot be read; ${present} rows of the others can`,
      proves: true,
    },
  ];
}

/** A check that ran into a page that is reported already tells nothing more. */
const stoppedByUnreadablePage = /SQLSTATE (XX00[012]|58030)/;

function failedOf(checks: readonly VerificationCheck[], proves: boolean): DamageFinding[] {
  return checks
    .filter(({ passed, found }) => !passed && !stoppedByUnreadablePage.test(found))
    .map(({ name, found, expected, table = null }) => ({
      table,
      found: `${name}: found ${found}, expected ${expected}`,
      proves,
    }));
}

function fewerRows(tables: readonly TableLoss[], baseline: RowCountBaseline | null): DamageFinding[] {
  if (baseline === null) return [];
  const recordedAt = new Date(baseline.recordedUnix * 1000).toISOString();
  return baseline.tables.flatMap(({ table, rows }) => {
    const present = tables.find((entry) => entry.table === table)?.present ?? 0;
    if (present >= rows) return [];
    const found = `${table} holds ${present} rows, fewer than the ${rows} of ${recordedAt}; deletions leave that as well`;
    return [{ table, found, proves: false }];
  });
}

function names(tables: readonly string[]): string[] {
  return [...new Set(tables)].sort();
}
