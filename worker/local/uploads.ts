import { basename, dirname, join, resolve } from 'node:path';
import { openFileTree, openSyncState, requireFolder } from '../../activities/adapters/file-tree/index.ts';
import { createS3Bucket, type S3Settings } from '../../activities/adapters/s3/index.ts';
import { DrError } from '../../activities/errors.ts';
import type { PlaceReference, SyncDependencies } from '../../activities/uploads/index.ts';

/** Where a configured object store is and who may use it. */
export type StoreSettings = Omit<S3Settings, 'bucket'>;

/**
 * Puts the adapters under the synchronisation of uploads. What it remembers of a folder lies beside that, as
 * `.<folder>.sync`; of two buckets below `stateFolder`.
 *
 * @param options.stores by the name that a place gives, such as `primary` or `supabase`
 * @returns opens places; throws DrError `configuration-invalid` (not retried) for a store that is not configured
 */
export function composeUploads(options: {
  readonly stores: Readonly<Record<string, StoreSettings>>;
  readonly stateFolder: string;
}): SyncDependencies {
  const bucketAt = (place: PlaceReference & { readonly kind: 'bucket' }) => {
    const settings = options.stores[place.store];
    if (settings === undefined) throw unknownStore(place.store);
    return createS3Bucket({ ...settings, bucket: place.bucket });
  };
  return {
    async open(place) {
      if (place.kind === 'folder') {
        return { kind: 'folder', tree: await openFileTree(place.folder), close: async () => undefined };
      }
      const bucket = bucketAt(place);
      return { kind: 'bucket', bucket, close: () => bucket.close() };
    },
    async check(place, side, signal) {
      if (place.kind === 'folder') {
        if (side === 'source') await requireFolder(place.folder);
        return `folder ${resolve(place.folder)}`;
      }
      const bucket = bucketAt(place);
      try {
        await bucket.list(signal)[Symbol.asyncIterator]().next();
        return bucket.place;
      } finally {
        await bucket.close();
      }
    },
    openState: (holder) => openSyncState({ folder: stateFolderOf(holder, options.stateFolder) }),
  };
}

function stateFolderOf(holder: PlaceReference, stateFolder: string): string {
  if (holder.kind === 'bucket') return join(stateFolder, `${holder.store}-${holder.bucket}`);
  const folder = resolve(holder.folder);
  return join(dirname(folder), `.${basename(folder)}.sync`);
}

function unknownStore(name: string): DrError {
  return new DrError('configuration-invalid', {
    happened: `There is no object store of the name "${name}" in the configuration.`,
    meaning: 'The uploads were not touched.',
    next: 'Use the name of a configured store, or configure its endpoint, region and keys.',
  });
}
