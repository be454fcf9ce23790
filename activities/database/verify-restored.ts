import type { Verification, VerificationCheck } from '../../workflows/contracts/evidence.ts';
import type { Invariant, TimestampColumn } from '../../workflows/contracts/policy.ts';
import type { LossSurvey } from '../../workflows/contracts/recovery-point.ts';
import { DrError } from '../errors.ts';
import { markerSchema } from '../marker/marker-row.ts';
import type { Database } from '../ports.ts';
import { checkForeignKeys } from './foreign-keys.ts';
import { checkIndexAgreement } from './index-agreement.ts';
import { checkIndexes } from './indexes.ts';
import { checkInvariants } from './invariants.ts';
import { verifyTables } from './restored-tables.ts';
import { inSnapshot } from './snapshot.ts';
import { surveyWithinSnapshot } from './survey-loss.ts';
import { listTables } from './tables.ts';

/** What a restored database is held against. */
export interface RestoreExpectation {
  /** Integer UTC second that was restored to. */
  readonly targetUnix: number;
  /** The survey of the same target, taken before the restore. */
  readonly before: LossSurvey;
  readonly invariants: readonly Invariant[];
  readonly schemas: readonly string[];
  readonly timestampColumns: readonly TimestampColumn[];
  /**
   * Whether `before` shows a database that this recovery had already rewound: rows of it may rightly have been deleted
   * between that restore's target and this one. Default false.
   */
  readonly alreadyRewound?: boolean;
}

/** What we write ourselves says nothing about the restored data. */
const ownSchemas: readonly string[] = ['dr', markerSchema];

function otherTarget(expected: number, surveyed: number): DrError {
  return new DrError('input-invalid', {
    happened: `The survey before the restore was taken for second ${surveyed}, the restore went to ${expected}.`,
    meaning: 'The rows that must be there cannot be computed from it.',
    next: 'Verify with the survey of the plan that was carried out.',
  });
}

/** Surveys give the newest commit by commit time only, never by a column; a marker is older than its own commit. */
function notAfterTarget({ targetUnix, newestCommitAt, marker = null }: LossSurvey): VerificationCheck[] {
  const target = new Date(targetUnix * 1000).toISOString().replace('Z', '000Z');
  const moments = [
    { name: 'newest commit', found: newestCommitAt },
    { name: 'recovery marker', found: marker?.writtenAt ?? null },
  ];
  return moments.flatMap(({ name, found }) =>
    found === null
      ? []
      : [{ name, passed: found <= target, advisory: false, found, expected: `not after ${target}` }],
  );
}

/**
 * Looks, in one snapshot, whether the restore brought what it had to and nothing later. Reads only, and reads every
 * table from its pages. Failed checks are results, not errors; those marked `advisory` are for a person to judge.
 *
 * @returns all checks, the rows of each table, the newest restored commit and the recovery marker that came back
 * @throws DrError `input-invalid` where `before` is of another target; `database-unreachable` (retried),
 *   `database-login-refused`, `database-query-failed`
 */
export async function verifyRestored(
  database: Database,
  { targetUnix, before, invariants, schemas, timestampColumns, alreadyRewound = false }: RestoreExpectation,
): Promise<Verification> {
  if (before.targetUnix !== targetUnix) throw otherTarget(targetUnix, before.targetUnix);
  const surveyed = schemas.filter((schema) => !ownSchemas.includes(schema));
  const ofOthers = before.tables.filter(
    ({ table }) => !ownSchemas.some((schema) => table.startsWith(`${schema}.`)),
  );
  return await database.session((session) =>
    inSnapshot(session, async () => {
      const now = await surveyWithinSnapshot(session, { targetUnix, schemas: surveyed, timestampColumns });
      const { checks, tables } = verifyTables({ ...before, tables: ofOthers }, now, alreadyRewound);
      return {
        checks: [
          ...checks,
          ...notAfterTarget(now),
          ...(await checkForeignKeys(session, surveyed)),
          await checkIndexes(session, surveyed),
          ...(await checkIndexAgreement(session, await listTables(session, surveyed, timestampColumns))),
          ...(await checkInvariants(session, invariants)),
        ],
        tables,
        newestCommitAt: now.newestCommitAt,
        marker: now.marker ?? null,
      };
    }),
  );
}
