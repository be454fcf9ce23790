export { plan } from './workflows.ts';

/** Throws a plain error: Temporal fails the workflow task and tries it again, for good. */
export async function dataLoss(): Promise<never> {
  throw new Error('the runbook is broken');
}
