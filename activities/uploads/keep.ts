import { reservedFolders } from './keys.ts';
import type { Bucket, ListedObject } from './ports.ts';
import type { TransferContext } from './transfer.ts';

/** Key under which a bucket keeps an object that was deleted or replaced. */
export function keptKey(run: string, key: string): string {
  return `${reservedFolders.deleted}/${run}/${key}`;
}

/** Name of the run that a key of the kept folder belongs to; undefined for another key. */
export function keptRun(key: string): string | undefined {
  const [folder, run = '', rest] = key.split('/');
  return folder === reservedFolders.deleted && rest !== undefined && isRunName(run) ? run : undefined;
}

/** Whether a name is one of {@link runName}: anything else in the folder of what is kept is nobody's to remove. */
export function isRunName(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{6}\.\d{3}Z$/.test(name);
}

/** Name of the run that starts at a moment: sorts by time, and is a folder name on every system. */
export function runName(at: Date): string {
  return at.toISOString().replaceAll(':', '');
}

/** Copies what an upload is about to replace, so that it can be taken back. */
export async function keepReplaced(
  bucket: Bucket,
  { run, signal }: Pick<TransferContext, 'run' | 'signal'>,
  replaced: ListedObject | undefined,
): Promise<void> {
  if (replaced !== undefined) await bucket.copyFrom(bucket, replaced, keptKey(run, replaced.key), signal);
}
