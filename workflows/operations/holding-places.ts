import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  type ChildWorkflowHandle,
  ParentClosePolicy,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { UploadsPlace } from '../contracts/policy.ts';
import { runbookFailure } from '../runbook/failure.ts';
import { type holdPlace, releaseSignal } from './hold-place.ts';
import { placeName, type UploadsWay } from './uploads-way.ts';

type Hold = ChildWorkflowHandle<typeof holdPlace>;

/** Type of the failure that says that another run copies uploads there. */
export const uploadsBusy = 'uploads-busy';

/**
 * Copies uploads while no other run of the environment writes to the same places. Two at once would remove each other's
 * unfinished files and uploads, and the lists that the other is sorting.
 *
 * @throws ApplicationFailure of type `uploads-busy` at once when another run has one of the places; nothing was done then
 */
export async function holdingPlaces<T>(
  environment: string,
  way: UploadsWay,
  copy: () => Promise<T>,
): Promise<T> {
  const holds: Hold[] = [];
  try {
    for (const place of writtenOn(way)) holds.push(await hold(environment, place));
    return await copy();
  } finally {
    await CancellationScope.nonCancellable(() => Promise.all(holds.map(release)));
  }
}

/**
 * The destination, and the source where something is remembered beside it. A bucket that is only read from is written to
 * by the application all the time.
 */
function writtenOn({ from, to, purpose }: UploadsWay): readonly UploadsPlace[] {
  return purpose === 'backup' && from.kind === 'bucket' ? [to] : [from, to];
}

async function hold(environment: string, place: UploadsPlace): Promise<Hold> {
  const workflowId = `uploads-hold-${environment}-${placeName(place)}`.replaceAll(' ', '-');
  const holder = workflowInfo().workflowId;
  try {
    return await CancellationScope.nonCancellable(() =>
      startChild<typeof holdPlace>('holdPlace', {
        workflowId,
        parentClosePolicy: ParentClosePolicy.TERMINATE,
        staticSummary: `${holder} copies uploads at ${placeName(place)}`.slice(0, 190),
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw runbookFailure(uploadsBusy, {
      happened: `Another run copies uploads at ${placeName(place)}; it is the parent of ${workflowId} in Temporal.`,
      meaning: 'Two at once would get in each other’s way, so this one changed nothing.',
      next: 'Wait until that run is over, or cancel it in the Web UI; then give the command again.',
    });
  }
}

/** Somebody may have ended it by hand. */
async function release(held: Hold): Promise<void> {
  await held.signal(releaseSignal).catch(() => undefined);
  await held.result().catch(() => undefined);
}
