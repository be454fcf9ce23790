import { DrError } from '../../activities/errors.ts';

/** Awaits work that must fail with a {@link DrError}, and gives that. */
export async function failureOf(work: Promise<unknown>): Promise<DrError> {
  const error = await work.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof DrError) return error;
  throw error;
}
