import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Policy } from '../../workflows/contracts/policy.ts';
import { heartbeat } from '../database/heartbeat.ts';
import { count, readRow, readRows } from '../database/rows.ts';
import { listTables } from '../database/tables.ts';
import type { DatabaseSession, ObjectStore } from '../ports.ts';
import { refused } from './guard.ts';
import { type DrillPlace, openDrillKey } from './open-drills.ts';

/** One row: its key, a hash of its content, and when it was committed (µs since 1970; null where nothing tells). */
export type KnownRow = readonly [key: string, hash: string, committedMicros: number | null];

/** Every row of every table at one moment. */
export interface Truth {
  /** RFC 3339, UTC: when its transaction began, so that whatever was committed before is in it. */
  readonly takenAt: string;
  readonly tables: readonly { readonly table: string; readonly rows: readonly KnownRow[] }[];
}

const fetched = 5_000;

const keyColumns = `
  SELECT coalesce((SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum)
                     FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = $1::regclass AND i.indisprimary), '') AS columns`;

const row = z.object({
  key: z.string(),
  hash: z.string(),
  micros: z.coerce.number().int().safe().nullable(),
});

/**
 * Reads every row of the policy's schemas. Must run in a transaction: all of it is of one moment.
 *
 * @param maximumRows of all tables
 * @throws DrError `input-invalid` where there are more rows; `database-unreachable`, `database-query-failed`
 */
export async function readTruth(
  session: DatabaseSession,
  { schemas, timestampColumns }: Pick<Policy, 'schemas' | 'timestampColumns'>,
  maximumRows: number,
): Promise<Truth> {
  const { at, tracked } = await readRow(
    session,
    z.object({ at: z.string(), tracked: z.boolean() }),
    `SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
            current_setting('track_commit_timestamp')::boolean AS tracked`,
  );
  const tables: { table: string; rows: KnownRow[] }[] = [];
  let total = 0;
  for (const { name, relations, timestampColumn } of await listTables(session, schemas, timestampColumns)) {
    const rows: KnownRow[] = [];
    for (const relation of relations) {
      heartbeat(`reading ${name}`);
      const { columns } = await readRow(session, z.object({ columns: z.string() }), keyColumns, [relation]);
      const moment = tracked
        ? 'pg_xact_commit_timestamp(t.xmin)'
        : timestampColumn === null
          ? 'NULL::timestamptz'
          : `t.${timestampColumn}::timestamptz`;
      await session.query(
        `DECLARE truth NO SCROLL CURSOR FOR
         SELECT ${columns === '' ? 'md5(t::text)' : `ROW(${columns})::text`} AS key, md5(t::text) AS hash,
                (extract(epoch FROM ${moment}) * 1000000)::bigint AS micros FROM ONLY ${relation} t`,
      );
      for (;;) {
        const some = await readRows(session, row, `FETCH ${fetched} FROM truth`);
        heartbeat(`reading ${name}`);
        rows.push(...some.map(({ key, hash, micros }): KnownRow => [key, hash, micros]));
        total += some.length;
        if (total > maximumRows) throw tooLarge(maximumRows);
        if (some.length < fetched) break;
      }
      await session.query('CLOSE truth');
    }
    tables.push({ table: name, rows });
  }
  return { takenAt: at, tables };
}

/** The same for the same rows, in whatever order. */
export function fingerprintOf(rows: readonly KnownRow[]): string {
  const lines = rows.map(([key, hash]) => `${key} ${hash}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

const stored: z.ZodType<Truth> = z.object({
  takenAt: z.string(),
  tables: z.array(
    z.object({
      table: z.string(),
      rows: z.array(z.tuple([z.string(), z.string(), count.nullable()])),
    }),
  ),
});

const key = (place: DrillPlace) => openDrillKey(place, 'truth.json');

/** Stores what was there before the fault. */
export function keepTruth(store: ObjectStore, place: DrillPlace, truth: Truth): Promise<void> {
  return store.putText(key(place), JSON.stringify(truth), 'application/json');
}

/** What was there before the fault; undefined where nothing was recorded. Throws ZodError for what is no truth. */
export async function recordedTruth(store: ObjectStore, place: DrillPlace): Promise<Truth | undefined> {
  const text = await store.getText(key(place));
  return text === undefined ? undefined : stored.parse(JSON.parse(text));
}

function tooLarge(maximumRows: number) {
  return refused(
    `The database holds more than ${maximumRows} rows, which a drill compares one by one.`,
    'Hold the drill in a smaller environment, or let the policy allow more (drill.maximumRows).',
  );
}
