import { Client } from 'pg';
import { z } from 'zod';
import type { SandboxProduction } from '../sandbox/index.ts';
import type { AcknowledgedSale, Traffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';

/** A sale as the database holds it. */
export interface CommittedSale {
  readonly receipt: string;
  /** The whole row as text. */
  readonly content: string;
  /** When it was committed, RFC 3339 UTC with µs, by the server's own record. */
  readonly committedAt: string;
}

/** The data at one moment, known by the superuser and from before any recovery. */
export interface KnownData {
  readonly sales: readonly CommittedSale[];
  /** Hash of the tables that nobody writes. */
  readonly catalogue: string;
}

/** What a restore to a moment must bring back, and what it must not. */
export interface HeldData {
  /** Every sale that was there at the target, by receipt. */
  readonly kept: ReadonlyMap<string, string>;
  /** Receipts that were committed after the target. */
  readonly later: ReadonlySet<string>;
  /** Hash of the tables that nobody writes. */
  readonly catalogue: string;
}

/** What happened to the data, known by the superuser and from before any recovery. */
export interface Incident extends HeldData {
  /** When the rows went, RFC 3339 UTC with µs. */
  readonly moment: string;
  /** The last whole second before. */
  readonly targetUnix: number;
  /** The newest commit at or before the target, RFC 3339 UTC with µs. */
  readonly newestKept: string;
}

const micros = (expression: string) =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const salesSql = `SELECT receipt::text, sales::text AS content,
  ${micros('pg_xact_commit_timestamp(xmin)')} AS "committedAt" FROM public.sales`;
const sales = z.array(z.object({ receipt: z.string(), content: z.string(), committedAt: z.string() }));
const catalogueSql = `SELECT md5(
  (SELECT string_agg(users::text, '' ORDER BY id) FROM public.users) ||
  (SELECT string_agg(products::text, '' ORDER BY id) FROM public.products) ||
  (SELECT string_agg(machines::text, '' ORDER BY id) FROM public.machines) ||
  (SELECT string_agg(product_images::text, '' ORDER BY object_key) FROM public.product_images)) AS text`;
const newestSql = (until: string) => `SELECT ${micros('max(at)')} AS text FROM (
  SELECT pg_xact_commit_timestamp(xmin) AS at FROM public.sales UNION ALL
  SELECT pg_xact_commit_timestamp(xmin) FROM public.dispense_jobs) commits WHERE at <= ${until}`;
const oneText = z.tuple([z.object({ text: z.string() })]);

/** Deletes half of the sales: what usually goes wrong. */
export const deleteEverySecondSale =
  'DELETE FROM public.dispense_jobs WHERE sale_id % 2 = 0; DELETE FROM public.sales WHERE id % 2 = 0';

/** Uses a connection of the superuser, who sees everything and is never fenced. */
export async function asSuperuser<T>(
  sandbox: SandboxProduction,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: sandbox.superuserUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function text(client: Client, sql: string): Promise<string> {
  return oneText.parse((await client.query(sql)).rows)[0].text;
}

async function readSales(client: Client): Promise<CommittedSale[]> {
  return sales.parse((await client.query(salesSql)).rows);
}

/** Every sale as it stands. */
export function salesOf(sandbox: SandboxProduction): Promise<CommittedSale[]> {
  return asSuperuser(sandbox, readSales);
}

/** Everything as it stands. */
export function knownData(sandbox: SandboxProduction): Promise<KnownData> {
  return asSuperuser(sandbox, async (client) => ({
    sales: await readSales(client),
    catalogue: await text(client, catalogueSql),
  }));
}

/** What of it was there at a second, and what came later. */
export function heldAt({ sales: known, catalogue }: KnownData, targetUnix: number): HeldData {
  const target = new Date(targetUnix * 1000).toISOString().replace('Z', '000Z');
  return {
    kept: new Map(
      known.flatMap((sale) => (sale.committedAt <= target ? [[sale.receipt, sale.content]] : [])),
    ),
    later: new Set(known.flatMap((sale) => (sale.committedAt > target ? [sale.receipt] : []))),
    catalogue,
  };
}

/** Waits until customers hold receipts that are older than the second that is running. */
export async function customersServed(traffic: Traffic, sandbox: SandboxProduction): Promise<void> {
  const before = traffic.totals().acknowledged;
  await eventually('acknowledged sales', () => traffic.totals().acknowledged > before + 10 || undefined);
  await secondIsOver(sandbox);
}

/** Waits until the second that is running is over. */
export async function secondIsOver(sandbox: SandboxProduction): Promise<void> {
  const second = Math.floor(Date.now() / 1000) + 1;
  await asSuperuser(sandbox, (client) =>
    client.query('SELECT pg_sleep_until(to_timestamp($1::bigint))', [second]),
  );
}

/**
 * Damages the data and notes, in the same transaction and with all writers held off, what was there. Resolves when the
 * provider can restore to the second before.
 */
export async function damage(
  sandbox: SandboxProduction,
  sql: string = deleteEverySecondSale,
): Promise<Incident> {
  const incident = await asSuperuser(sandbox, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE public.sales, public.dispense_jobs IN SHARE ROW EXCLUSIVE MODE');
    const committed = await readSales(client);
    const moment = await text(client, `SELECT ${micros('clock_timestamp()')} AS text`);
    const targetUnix = Math.floor(Date.parse(moment) / 1000);
    const newestKept = await text(client, newestSql(`to_timestamp(${targetUnix})`));
    const catalogue = await text(client, catalogueSql);
    await client.query(sql);
    await client.query('COMMIT');
    return { ...heldAt({ sales: committed, catalogue }, targetUnix), moment, targetUnix, newestKept };
  });
  await restorable(sandbox, incident.targetUnix);
  return incident;
}

/** Waits until the provider can restore to a second. */
export async function restorable(sandbox: SandboxProduction, targetUnix: number): Promise<void> {
  await sandbox.postgres.archiveNow();
  await eventually('a restore window that reaches the target', async () => {
    const window = await sandbox.postgres.restoreWindow();
    return window !== undefined && window.latestUnix >= targetUnix && window.earliestUnix <= targetUnix
      ? true
      : undefined;
  });
}

/**
 * Waits until every sale is dispensed, and keeps the server from cleaning up by itself: from then on a transaction is
 * somebody's doing.
 */
export function stillDatabase(sandbox: SandboxProduction): Promise<void> {
  return asSuperuser(sandbox, async (client) => {
    await client.query('ALTER SYSTEM SET autovacuum = off');
    await client.query('SELECT pg_reload_conf()');
    const isEmpty = async (sql: string) => ((await client.query(sql)).rowCount === 0 ? true : undefined);
    await eventually('every sale dispensed', () =>
      isEmpty("SELECT FROM public.dispense_jobs WHERE status = 'pending'"),
    );
    await eventually('no cleaning is under way', () =>
      isEmpty("SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"),
    );
  });
}

/** The id that the next transaction gets that writes anything. */
export function nextTransaction(sandbox: SandboxProduction): Promise<string> {
  return asSuperuser(sandbox, (client) =>
    text(client, 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS text'),
  );
}

/** A moment that can be restored, for runs that go no further than the gate. */
export async function someTarget(sandbox: SandboxProduction): Promise<{ kind: 'at'; moment: string }> {
  const second = Math.floor(Date.now() / 1000);
  await restorable(sandbox, second);
  return { kind: 'at', moment: new Date(second * 1000).toISOString() };
}

/**
 * How long before the moment of a snapshot a commit may have its time and still not be in it: the time is taken before
 * others see the commit, and the moment after the snapshot. ms
 */
const commitTakesMs = 1_000;

/** What a snapshot that was taken under traffic must hold, and what it cannot hold. */
export function aroundSnapshot(
  known: readonly CommittedSale[],
  snapshotAt: string,
): { readonly kept: readonly CommittedSale[]; readonly later: readonly CommittedSale[] } {
  const surelyIn = new Date(Date.parse(snapshotAt) - commitTakesMs).toISOString();
  return {
    kept: known.filter(({ committedAt }) => committedAt < surelyIn),
    later: known.filter(({ committedAt }) => committedAt > snapshotAt),
  };
}

/** What is wrong with the data after a recovery; empty when it is exact. */
export interface Deviation {
  readonly missing: readonly string[];
  readonly altered: readonly string[];
  /** Rows that were committed after the target and before the restore. */
  readonly surplus: readonly string[];
  readonly catalogueAltered: boolean;
}

/** Nothing is wrong. */
export const exact: Deviation = { missing: [], altered: [], surplus: [], catalogueAltered: false };

/**
 * Holds the data as it is now against what was there at the target.
 *
 * @param restoredAt RFC 3339: rows that were committed later are new business
 */
export async function deviation(
  sandbox: SandboxProduction,
  incident: HeldData,
  restoredAt: string,
): Promise<Deviation> {
  return asSuperuser(sandbox, async (client) => {
    const present = new Map((await readSales(client)).map((sale) => [sale.receipt, sale]));
    return {
      missing: [...incident.kept.keys()].filter((receipt) => !present.has(receipt)),
      altered: [...incident.kept].flatMap(([receipt, content]) =>
        (present.get(receipt)?.content ?? content) === content ? [] : [receipt],
      ),
      surplus: [...present.values()].flatMap(({ receipt, committedAt }) =>
        incident.later.has(receipt) ||
        (!incident.kept.has(receipt) && Date.parse(committedAt) <= Date.parse(restoredAt))
          ? [receipt]
          : [],
      ),
      catalogueAltered: (await text(client, catalogueSql)) !== incident.catalogue,
    };
  });
}

/** Receipts that customers held before the target: they count, whatever the database says. */
export function promised(acknowledged: readonly AcknowledgedSale[], incident: Incident): string[] {
  return acknowledged.flatMap(({ receipt, at }) =>
    Date.parse(at) <= incident.targetUnix * 1000 ? [receipt] : [],
  );
}

/** The loss as it stands while everybody is fenced out, to hold the report against. */
export async function trueLoss(sandbox: SandboxProduction, incident: Incident) {
  return asSuperuser(sandbox, async (client) => {
    const present = await readSales(client);
    const target = new Date(incident.targetUnix * 1000).toISOString().replace('Z', '000Z');
    const discarded = present.filter((sale) => sale.committedAt > target).length;
    return {
      present: present.length,
      discarded,
      broughtBack: incident.kept.size - (present.length - discarded),
      newestCommitAt: await text(client, newestSql(`'infinity'`)),
    };
  });
}
