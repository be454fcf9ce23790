import type { UploadsTransferInput } from '../contracts/operations.ts';
import type { Policy, UploadsPlace } from '../contracts/policy.ts';
import { runbookFailure } from '../runbook/failure.ts';

/** From where to where uploads go, and whether deletions are followed. */
export interface UploadsWay {
  readonly from: UploadsPlace;
  readonly to: UploadsPlace;
  readonly purpose: 'backup' | 'restore';
}

/**
 * Finds the places that were named, and what they make of it: a backup from where the policy copies from, which is where
 * the application writes; a restore, which deletes nothing, from anywhere else. Pure.
 *
 * @throws ApplicationFailure of type `input-invalid` for a name that is not in the policy, for one place twice, or for
 *   two folders
 */
export function chooseWay(
  uploads: Policy['uploads'],
  given: Pick<UploadsTransferInput, 'from' | 'to'>,
): UploadsWay {
  const placeOf = (option: 'from' | 'to'): UploadsPlace => {
    const name = given[option];
    if (name === null) return uploads[option];
    const place = Object.entries(uploads.places).find(([each]) => each === name)?.[1];
    if (place !== undefined) return place;
    throw refused(
      `The policy knows no place of uploads "${name}".`,
      `Give --${option} one of: ${Object.keys(uploads.places).join(', ')}.`,
    );
  };
  const [from, to] = [placeOf('from'), placeOf('to')];
  if (isSame(from, to)) {
    throw refused('Source and destination are the same place.', 'Give two different places.');
  }
  if (from.kind === 'folder' && to.kind === 'folder') {
    throw refused(
      'Source and destination are both folders.',
      'Give two places, at least one of them a bucket.',
    );
  }
  return { from, to, purpose: isSame(from, uploads.from) ? 'backup' : 'restore' };
}

/** A place as people read it; one name for each. */
export function placeName(place: UploadsPlace): string {
  return place.kind === 'bucket' ? `${place.store}/${place.bucket}` : `folder ${place.folder}`;
}

function isSame(one: UploadsPlace, other: UploadsPlace): boolean {
  if (one.kind === 'folder') return other.kind === 'folder' && one.folder === other.folder;
  return other.kind === 'bucket' && one.store === other.store && one.bucket === other.bucket;
}

function refused(happened: string, next: string) {
  return runbookFailure('input-invalid', { happened, meaning: 'Nothing was changed.', next });
}
