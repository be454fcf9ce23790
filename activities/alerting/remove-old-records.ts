import { operationWorkflows } from '../../workflows/contracts/operations.ts';
import type { ErasableObjectStore } from '../ports.ts';
import { requireEnvironment } from './keys.ts';

/**
 * Records of each operation that stay however old they are: what the checklists and the next plan read, and of a daily
 * validation the 13 months that the trend draws.
 */
const alwaysKept = 400;
/** Objects that are removed at once. */
const atOnce = 16;

const recordKey = /^operations\/[^/]+\/([^/]+)\/(\d{4}-\d\d-\d\dT[\d:.]+Z)-[^/]+$/;

/**
 * Removes what operations left behind before a moment, but for the newest of each; pages and Markdown go with their
 * record. Safe to repeat.
 *
 * @param input.before RFC 3339, UTC
 * @returns how many objects were removed
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function removeOldRecords(
  store: Pick<ErasableObjectStore, 'list' | 'remove'>,
  { environment, before }: { readonly environment: string; readonly before: string },
): Promise<{ readonly removed: number }> {
  requireEnvironment(environment);
  const due: string[] = [];
  for (const operation of Object.keys(operationWorkflows)) {
    const keys = (await store.list(`operations/${environment}/${operation}/`)).map(({ key }) => key);
    due.push(...dueKeys(keys, before));
  }
  for (let next = 0; next < due.length; next += atOnce) {
    await Promise.all(due.slice(next, next + atOnce).map((key) => store.remove(key)));
  }
  return { removed: due.length };
}

/** The objects of records that are older than the moment and not among the newest. */
function dueKeys(keys: readonly string[], before: string): readonly string[] {
  const records = keys.map((key) => ({ key, startedAt: recordKey.exec(key)?.[2] }));
  const starts = [...new Set(records.flatMap(({ startedAt }) => startedAt ?? []))].sort().reverse();
  const oldestKept = starts[alwaysKept - 1];
  if (oldestKept === undefined) return [];
  const limit = oldestKept < before ? oldestKept : before;
  return records.flatMap(({ key, startedAt }) => (startedAt !== undefined && startedAt < limit ? [key] : []));
}
