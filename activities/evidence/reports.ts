import type { Document } from '../../workflows/contracts/document.ts';
import type { ObjectStore } from '../ports.ts';
import { renderMarkdown } from './page/markdown.ts';
import { renderPage } from './page/page.ts';

/** A report as a person and as a program reads it. */
export interface ReportInput {
  /** Object key without an ending. */
  readonly key: string;
  readonly document: Document;
  /** Anything that JSON can hold; no secret. */
  readonly json: unknown;
}

/**
 * Stores a report as `<key>.md`, `<key>.html` and `<key>.json`. Idempotent: what is there is replaced.
 *
 * @returns the keys of all three objects
 * @throws DrError `store-unavailable` (retried) or `store-refused`
 */
export async function putReport(store: ObjectStore, input: ReportInput): Promise<{ keys: string[] }> {
  const jsonKey = `${input.key}.json`;
  const keys = await putDocument(store, input.key, input.document);
  await store.putText(jsonKey, `${JSON.stringify(input.json, null, 2)}\n`, 'application/json');
  return { keys: [...keys, jsonKey] };
}

/**
 * Stores a document as Markdown and as a page. Idempotent. Throws as {@link putReport} does.
 *
 * @param key object key without an ending
 * @returns the keys of both objects
 */
export async function putDocument(store: ObjectStore, key: string, document: Document): Promise<string[]> {
  const [markdownKey, pageKey] = [`${key}.md`, `${key}.html`];
  await store.putText(markdownKey, `${renderMarkdown(document)}\n`, 'text/markdown; charset=utf-8');
  await store.putText(pageKey, renderPage(document), 'text/html; charset=utf-8');
  return [markdownKey, pageKey];
}
