import type { ObjectStore } from '../ports.ts';

/** A report as a person and as a program reads it. */
export interface ReportInput {
  /** Object key without an ending. */
  readonly key: string;
  readonly markdown: string;
  /** Anything that JSON can hold; no secret. */
  readonly json: unknown;
}

/**
 * Stores a report as `<key>.md` and `<key>.json`. Idempotent: what is there is replaced.
 *
 * @returns the keys of both objects
 * @throws DrError `store-unavailable` (retried) or `store-refused`
 */
export async function putReport(store: ObjectStore, input: ReportInput): Promise<{ keys: string[] }> {
  const markdownKey = `${input.key}.md`;
  const jsonKey = `${input.key}.json`;
  await store.putText(markdownKey, input.markdown, 'text/markdown; charset=utf-8');
  await store.putText(jsonKey, `${JSON.stringify(input.json, null, 2)}\n`, 'application/json');
  return { keys: [markdownKey, jsonKey] };
}
