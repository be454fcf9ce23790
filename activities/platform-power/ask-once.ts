import { DrError } from '../errors.ts';

/**
 * Sends a request whose effect is looked for afterwards. A refusal is held back: an earlier try of the same step may
 * have had its effect already, which the provider's status does not show at once.
 *
 * @returns the refusal, undefined when the request was taken
 * @throws whatever else the request throws
 */
export async function askOnce(request: () => Promise<void>): Promise<DrError | undefined> {
  try {
    await request();
    return undefined;
  } catch (error) {
    if (error instanceof DrError && error.type === 'provider-refused') return error;
    throw error;
  }
}
