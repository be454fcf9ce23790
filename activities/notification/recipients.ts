import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../ports.ts';

/** Somebody a mail goes to. */
export interface Recipient {
  readonly address: string;
  /** Stands for the address where the address itself must not appear: in heartbeats and message ids. */
  readonly id: string;
}

/** Whom a mail goes to, each once. */
export interface RecipientList {
  /** In the order of their ids, so that one id tells how far a list was worked off. */
  readonly recipients: readonly Recipient[];
  /** How many entries were no usable address. */
  readonly invalid: number;
}

/** Deliberately narrow: no quoting, no comments, nothing that could end a header or name a second recipient. */
const usableAddress = /^[^\s@<>()[\],;:"\\\p{Cc}]+@[^\s@<>()[\],;:"\\\p{Cc}]+$/u;
const longestAddress = 254;

/**
 * Sorts out a list of addresses: doubles are taken once, whatever their case; what is no address is counted.
 *
 * @param dedupeKey names the sending: the same address has another id in another sending
 */
export function listRecipients(addresses: readonly string[], dedupeKey: string): RecipientList {
  const recipients = new Map<string, Recipient>();
  let invalid = 0;
  for (const address of addresses.map((entry) => entry.trim())) {
    if (address.length > longestAddress || !usableAddress.test(address)) {
      invalid += 1;
      continue;
    }
    const known = address.toLowerCase();
    if (recipients.has(known)) continue;
    const id = createHash('sha256').update(`${dedupeKey}\0${known}`).digest('hex').slice(0, 24);
    recipients.set(known, { address, id });
  }
  return { recipients: [...recipients.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), invalid };
}

const row = z.record(z.string(), z.string().nullable());

/**
 * Reads addresses from the database: the first column of a query that may only read. NULLs are left out.
 *
 * @throws DrError `database-unreachable` (retried) or `database-query-failed`
 */
export function readAddresses(database: Database, sql: string): Promise<string[]> {
  return database.session(async (session) => {
    await session.query('BEGIN READ ONLY');
    const { rows } = await session.query(sql);
    await session.query('COMMIT');
    return rows.flatMap((values) => {
      const [address] = Object.values(row.parse(values));
      return address === null || address === undefined ? [] : [address];
    });
  });
}
