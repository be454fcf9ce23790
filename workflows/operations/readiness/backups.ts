import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import type { StoreFacts } from '../../contracts/readiness-facts.ts';
import { bytes, utc } from '../../runbook/format.ts';
import {
  attention,
  dr,
  type Examination,
  failed,
  judged,
  ok,
  type ReadinessQuestion,
} from './examination.ts';

const group = 'beyond';

/** Whether our own backups and evidence can be written, read, and not be lost with production. */
export const backups: readonly ReadinessQuestion[] = [
  {
    group,
    item: 'Backup places writable',
    judge: ({ facts }) =>
      judged(facts.stores, (stores) => {
        const broken = stores.flatMap(({ location, problem }) =>
          problem === null ? [] : [{ location, problem }],
        );
        return broken.length === 0
          ? ok(
              `${stores.map(({ location, tookMs }) => `${location} in ${tookMs} ms`).join(', ')}: written below doctor/, read, removed`,
            )
          : failed(
              perPlace(broken.map(({ location, problem }) => `${location}: ${problem.happened}`)),
              ...new Set(broken.map(({ problem }) => problem.next)),
            );
      }),
  },
  {
    group,
    item: 'Two places away from production',
    judge: ({ facts }) =>
      judged(facts.stores, (stores) => {
        const remote = stores.filter(({ freeBytes }) => freeBytes === null).map(({ location }) => location);
        return remote.length > 1
          ? ok(remote.join(', '))
          : failed(
              `only ${stores.map(({ location }) => location).join(', ')}: who can delete one bucket can delete every backup off this machine`,
              'Set the S3_SECOND_… variables, to another provider or at least another account.',
            );
      }),
  },
  { group, item: 'Backup key opens the newest backup', judge: newestBackup },
  {
    group,
    item: 'Free space for backups',
    judge: ({ facts, policy }) =>
      judged(facts.stores, (stores) => {
        const limited = stores.flatMap(({ location, freeBytes }) =>
          freeBytes === null ? [] : [{ location, freeBytes }],
        );
        const { minFreeBytes } = policy.backups;
        const found = limited.map(({ location, freeBytes }) => `${location}: ${bytes(freeBytes)}`).join(', ');
        if (limited.length === 0) return attention('unknown: no place tells');
        return limited.every(({ freeBytes }) => freeBytes >= minFreeBytes)
          ? ok(`${found}, at least ${bytes(minFreeBytes)} wanted`)
          : failed(
              `${found}, at least ${bytes(minFreeBytes)} wanted`,
              'Make room in BACKUP_FOLDER, or move it to a larger disk.',
            );
      }),
  },
  { group, item: 'Backups cannot be deleted', judge: ({ facts }) => judged(facts.stores, objectLock) },
];

function newestBackup(examination: Examination): ReadinessAnswer {
  return judged(examination.facts.newestBackups, (places) => {
    const unopened = places.filter(({ opened }) => opened === null);
    if (unopened.length === 0) {
      return ok(
        places
          .map(
            ({ location, snapshotAt, opened }) =>
              `${location}: ${utc(`${snapshotAt?.slice(0, 16)}Z`)}, ${opened === 'all' ? 'decrypted to its last row' : 'its signed manifest (large: the validation reads all of it)'}`,
          )
          .join('; '),
      );
    }
    const found = perPlace(
      unopened.map(({ location, problem }) => `${location}: ${problem?.happened ?? 'no backup'}`),
    );
    const todos = unopened.map(({ problem }) => problem?.next ?? dr(examination, 'backup'));
    return failed(found, ...new Set(todos));
  });
}

function perPlace(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/\.$/, '')).join('; ');
}

/** A bucket without Object Lock is no fault of its own, but whoever has the key can empty it. */
function objectLock(stores: readonly StoreFacts[]): ReadinessAnswer {
  const buckets = stores.filter(({ freeBytes }) => freeBytes === null);
  const found = buckets
    .map(({ location, protection }) => `${location}: ${protectionText(protection)}`)
    .join('; ');
  return buckets.some(({ protection }) => protection?.objectLock === true)
    ? ok(found)
    : attention(
        found === '' ? 'no bucket' : found,
        'Make at least one bucket with Object Lock, and give the worker a key that may not delete versions: a thief of the key could delete every backup.',
      );
}

function protectionText(protection: StoreFacts['protection']): string {
  if (protection === null || protection.objectLock === null) return 'Object Lock unknown';
  const { versioning, objectLock: locked, defaultRetention } = protection;
  if (!locked)
    return `no Object Lock, versions ${versioning === null ? 'unknown' : versioning ? 'kept' : 'not kept'}`;
  return `Object Lock on, new objects ${defaultRetention === null ? 'are locked one by one' : `for ${defaultRetention}`}`;
}
