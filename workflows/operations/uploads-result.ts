import type { activities } from '../runbook/activities.ts';
import { bytes, duration, plural } from '../runbook/format.ts';
import type { OperationResult } from './operation.ts';

type SyncResult = Awaited<ReturnType<typeof activities.uploads.syncUploads>>;

/** What a synchronisation of uploads did, for a person and as checks; every key that is held back is listed. Pure. */
export function describeSync(synced: SyncResult): Pick<OperationResult, 'summary' | 'checks' | 'details'> {
  const { objects, bytes: size } = synced.transferred;
  const { failures, refused, newerKept, leftAlone } = synced;
  const lists = [
    list('failed', failures, ({ key, message }) => `${key}: ${message}`),
    list('refused', refused, ({ key, why }) => `${key}: ${why}`),
    list('newer at the destination, left there', newerKept, (key) => key),
    list('only at the destination, left there', leftAlone, (key) => key),
  ].flat();
  return {
    summary: `${plural(objects, 'file', 'files')} (${bytes(size)}) of ${synced.listed.source} copied, ${synced.unchanged} unchanged, in ${duration(synced.durationMs)}`,
    checks: [
      {
        name: 'every file is in the copy',
        passed: synced.complete,
        found: `${failures.count} failed ${failures.first
          .slice(0, 3)
          .map(({ key, message }) => `${key}: ${message}`)
          .join('; ')}`.trim(),
        expected: '0 failed',
      },
      {
        name: 'no file had to be refused',
        passed: refused.count === 0,
        found: `${refused.count} refused ${refused.first
          .slice(0, 3)
          .map(({ key, why }) => `${key}: ${why}`)
          .join('; ')}`.trim(),
        expected: '0 refused',
      },
      {
        name: 'the source was not suddenly empty',
        passed: !synced.sourceWasEmpty,
        found: `${synced.listed.source} at the source, ${synced.listed.destination} in the copy`,
        expected: 'files at the source, when there are some in the copy',
      },
    ],
    ...(lists.length === 0 ? {} : { details: lists }),
  };
}

function list<T>(
  what: string,
  { count, first }: { readonly count: number; readonly first: readonly T[] },
  line: (item: T) => string,
): string[] {
  if (count === 0) return [];
  const more = count > first.length ? [`  and ${count - first.length} more`] : [];
  return [`${what}: ${count}`, ...first.map((item) => `  ${line(item)}`), ...more];
}
