import type { Document } from '../../workflows/contracts/document.ts';
import type { OperationKind, OperationRecord } from '../../workflows/contracts/operations.ts';
import { DrError } from '../errors.ts';
import { putDocument } from '../evidence/reports.ts';
import { newestKeys } from '../newest-keys.ts';
import type { ObjectStore } from '../ports.ts';
import { type OperationPlace, placeKey } from './keys.ts';
import { parseStoredRecord, toStored } from './schemas.ts';

/** Records that are read at once. */
const atOnce = 16;

/**
 * Stores what an operation leaves behind as `operations/<environment>/<operation>/<start, ISO>-<run>.json`. The run is
 * in the key because two that started in the same millisecond must not replace each other. Idempotent.
 *
 * @param document the same to be read, stored beside it as Markdown and as a page; null for none
 * @returns the object's key
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function putOperationRecord(
  store: ObjectStore,
  record: OperationRecord,
  document: Document | null = null,
): Promise<{ key: string }> {
  const startedAt = new Date(record.startedAt);
  if (Number.isNaN(startedAt.getTime()) || !/^[0-9a-z-]+$/i.test(record.runId)) {
    throw new DrError('input-invalid', {
      happened: 'The record’s start or run id cannot be part of a key.',
      meaning: 'The record was not stored; it is the workflow’s result as well.',
      next: 'Correct the operation that made it.',
    });
  }
  const name = `operations/${placeKey(record)}/${startedAt.toISOString()}-${record.runId}`;
  if (document !== null) await putDocument(store, name, document);
  await store.putText(`${name}.json`, toStored(record), 'application/json');
  return { key: `${name}.json` };
}

/**
 * Reads the newest records of an operation, newest first. One that cannot be read is passed over.
 *
 * @param input.limit how many at most
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function listOperationRecords(
  store: ObjectStore,
  { limit, ...place }: OperationPlace & { readonly limit: number },
): Promise<readonly OperationRecord[]> {
  if (limit === 0) return [];
  const records: OperationRecord[] = [];
  for await (const record of newestFirst(store, place)) {
    if (records.push(record) === limit) break;
  }
  return records;
}

/**
 * When one kind of operation last succeeded: the start of that run, since what came after it is not covered by it.
 *
 * @returns RFC 3339, UTC; null when none is recorded
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function lastSucceeded(store: ObjectStore, kind: OperationKind): Promise<string | null> {
  for await (const { outcome, tier, startedAt } of newestFirst(store, kind)) {
    if (outcome === 'succeeded' && tier === kind.tier) return startedAt;
  }
  return null;
}

/** One that cannot be read is passed over. */
async function* newestFirst(store: ObjectStore, place: OperationPlace): AsyncGenerator<OperationRecord> {
  const keys = await newestKeys(store, `operations/${placeKey(place)}/`);
  for (let next = 0; next < keys.length; next += atOnce) {
    const texts = await Promise.all(keys.slice(next, next + atOnce).map((key) => store.getText(key)));
    yield* texts.map(parseStoredRecord).filter((record) => record !== undefined);
  }
}
