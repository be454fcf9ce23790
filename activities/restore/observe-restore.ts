import { DrError } from '../errors.ts';
import type { DatabasePlatformStatus } from '../ports.ts';
import type { RestoreContext } from './dependencies.ts';
import { type NonceState, readNonce } from './nonce.ts';

/** Where a restore stands, by the two witnesses: the provider's status and the nonce. */
interface RestoreObservation {
  /** `unknown` when the provider's status could not be read. */
  readonly status: DatabasePlatformStatus;
  /** The provider's own word, or why it could not be read. */
  readonly rawStatus: string;
  /** Set when the status could not be read. */
  readonly statusError: DrError | undefined;
  readonly nonce: NonceState;
  /** How long to wait before the next look, in ms. */
  readonly waitMs: number;
}

const longestWaitMs = 60_000;

/** Asks both witnesses once. A failure of either is part of what was seen. */
export async function observeRestore(
  { platform, database, timing }: RestoreContext,
  nonce: string,
): Promise<RestoreObservation> {
  const readStatus = async () => {
    try {
      const { status, raw } = await platform.status();
      return { status, rawStatus: raw, statusError: undefined, waitMs: timing.pollMs };
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
      const waitMs = Math.min(Math.max(timing.pollMs, error.retryAfterMs ?? 0), longestWaitMs);
      return {
        status: 'unknown',
        rawStatus: `unreadable (${error.type})`,
        statusError: error,
        waitMs,
      } as const;
    }
  };
  const [seen, nonceState] = await Promise.all([readStatus(), readNonce(database, nonce)]);
  return { ...seen, nonce: nonceState };
}
