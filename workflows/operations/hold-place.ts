import { condition, defineSignal, setHandler } from '@temporalio/workflow';

/** Ends a hold. */
export const releaseSignal = defineSignal('release');

/**
 * Holds a place of uploads: while a run of it is open, no other run can have its workflow id, and Temporal decides who was
 * first. It is a child of the run that copies; when that ends in any way, terminated or timed out as well, Temporal ends
 * the hold.
 */
export async function holdPlace(): Promise<void> {
  let released = false;
  setHandler(releaseSignal, () => {
    released = true;
  });
  await condition(() => released);
}
