/** Throws a plain error: Temporal fails the workflow task and tries it again, for good. */
export async function plan(): Promise<never> {
  throw new Error('the bundle is broken');
}

/** See {@link plan}. */
export const dataLoss = plan;

/** See {@link plan}. */
export const checklist = plan;
