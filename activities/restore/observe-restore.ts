import { setTimeout as delay } from 'node:timers/promises';
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

/** A database in the middle of a restore may take a connection and never answer: the wait must see its deadline pass. */
const longestReadMs = 20_000;

async function readNonceInTime(database: RestoreContext['database'], nonce: string): Promise<NonceState> {
  const enough = new AbortController();
  const silent = delay(longestReadMs, undefined, { signal: enough.signal }).then(
    (): NonceState => ({ kind: 'unreadable', error: noAnswer() }),
  );
  try {
    return await Promise.race([readNonce(database, nonce), silent]);
  } finally {
    enough.abort();
    await silent.catch(() => undefined);
  }
}

function noAnswer(): DrError {
  return new DrError('database-unreachable', {
    happened: `The database took a connection and did not answer within ${longestReadMs / 1000} s.`,
    meaning: 'Whether it was rewound is not known.',
    next: 'It is asked again.',
  });
}

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
  const [seen, nonceState] = await Promise.all([readStatus(), readNonceInTime(database, nonce)]);
  return { ...seen, nonce: nonceState };
}
