import type { OperationRecord } from '../../workflows/contracts/operations.ts';
import { DrError } from '../errors.ts';
import type { ErasableObjectStore } from '../ports.ts';
import { type OperationPlace, placeKey } from './keys.ts';
import { parseStored, recordSchema, toStored } from './schemas.ts';

/** Records that are read at once. */
const atOnce = 16;

/**
 * Stores what an operation leaves behind as `operations/<environment>/<operation>/<start, ISO>-<run>.json`. The run is
 * in the key because two that started in the same millisecond must not replace each other. Idempotent.
 *
 * @returns the object's key
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function putOperationRecord(
  store: ErasableObjectStore,
  record: OperationRecord,
): Promise<{ key: string }> {
  const startedAt = new Date(record.startedAt);
  if (Number.isNaN(startedAt.getTime()) || !/^[0-9a-z-]+$/i.test(record.runId)) {
    throw new DrError('input-invalid', {
      happened: 'The record’s start or run id cannot be part of a key.',
      meaning: 'The record was not stored; it is the workflow’s result as well.',
      next: 'Correct the operation that made it.',
    });
  }
  const key = `operations/${placeKey(record)}/${startedAt.toISOString()}-${record.runId}.json`;
  await store.putText(key, toStored(record), 'application/json');
  return { key };
}

/**
 * Reads the newest records of an operation, newest first. One that cannot be read is passed over.
 *
 * @param input.limit how many at most
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function listOperationRecords(
  store: ErasableObjectStore,
  { limit, ...place }: OperationPlace & { readonly limit: number },
): Promise<readonly OperationRecord[]> {
  const keys = (await store.list(`operations/${placeKey(place)}/`))
    .map(({ key }) => key)
    .sort()
    .reverse();
  const records: OperationRecord[] = [];
  for (let next = 0; next < keys.length && records.length < limit; next += atOnce) {
    const texts = await Promise.all(keys.slice(next, next + atOnce).map((key) => store.getText(key)));
    records.push(
      ...texts.map((text) => parseStored(recordSchema, text)).filter((record) => record !== undefined),
    );
  }
  return records.slice(0, limit);
}
