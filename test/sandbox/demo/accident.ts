import { Client } from 'pg';

/** What an accident took away, as the database itself knows it. */
export interface Accident {
  /** RFC 3339, UTC, µs: when the deletion was committed. */
  readonly at: string;
  readonly deleted: { readonly sales: number; readonly dispenseJobs: number };
  /** Every sale that was there at that moment, with its commit time in µs since 1970. */
  readonly sales: readonly { readonly receipt: string; readonly committedMicros: number }[];
}

/**
 * Deletes half of the sales, as a forgotten condition would, while customers go on buying. Writers wait for the length
 * of the deletion, so that what was there before it is known exactly.
 *
 * @param superuserUrl VendHub's database
 */
export async function deleteSalesByAccident(superuserUrl: string): Promise<Accident> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE public.sales, public.dispense_jobs IN EXCLUSIVE MODE');
    const { rows } = await client.query<{ receipt: string; micros: string }>(
      'SELECT receipt, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint::text AS micros FROM public.sales',
    );
    const jobs = await client.query('DELETE FROM public.dispense_jobs WHERE sale_id % 2 = 0');
    const sales = await client.query('DELETE FROM public.sales WHERE id % 2 = 0');
    const { rows: ids } = await client.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
    await client.query('COMMIT');
    const { rows: moments } = await client.query<{ at: string }>(
      `SELECT to_char(pg_xact_commit_timestamp($1::xid) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`,
      [ids[0]?.xid],
    );
    const at = moments[0]?.at;
    if (at === undefined) throw new Error('The accident left no commit time.');
    return {
      at,
      deleted: { sales: sales.rowCount ?? 0, dispenseJobs: jobs.rowCount ?? 0 },
      sales: rows.map(({ receipt, micros }) => ({ receipt, committedMicros: Number(micros) })),
    };
  } finally {
    await client.end();
  }
}

/**
 * The sales that were committed up to the target and are not there now.
 *
 * @param targetUnix integer UTC second
 */
export async function missingSales(
  superuserUrl: string,
  accident: Accident,
  targetUnix: number,
): Promise<{ readonly expected: number; readonly missing: number }> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ receipt: string }>('SELECT receipt FROM public.sales');
    const present = new Set(rows.map(({ receipt }) => receipt));
    const expected = accident.sales.filter(({ committedMicros }) => committedMicros <= targetUnix * 1e6);
    return {
      expected: expected.length,
      missing: expected.filter(({ receipt }) => !present.has(receipt)).length,
    };
  } finally {
    await client.end();
  }
}
