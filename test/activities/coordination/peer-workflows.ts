import { condition, setHandler, sleep } from '@temporalio/workflow';
import { standBackSignal } from '../../../workflows/contracts/messages.ts';

/** Runs until it is asked to stand back, and ends a moment later, as an operation at its next safe point does. */
export async function backup(): Promise<void> {
  let asked = false;
  setHandler(standBackSignal, () => {
    asked = true;
  });
  await condition(() => asked);
  await sleep(200);
}

/** Does not stand back, whoever asks. */
export async function syncUploads(): Promise<void> {
  setHandler(standBackSignal, () => undefined);
  await condition(() => false);
}
