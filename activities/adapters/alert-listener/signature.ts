import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How far a sender's clock may be off, and for how long a signature is remembered, ms. */
export const toleranceMs = 5 * 60_000;

/** What a sender signs: the moment and the bytes of the body, with the shared secret. Lower-case hex. */
export function sign(secret: string, timestamp: string, body: Uint8Array): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
}

/** Tells messages of the sender from others, each of them once. */
export class SignatureCheck {
  private readonly secret: string;
  private readonly now: () => number;
  /** Signatures that were taken, with the moment from which on their timestamp is too old anyway. */
  private readonly taken = new Map<string, number>();

  /** @param now milliseconds since 1970 */
  constructor(secret: string, now: () => number = Date.now) {
    this.secret = secret;
    this.now = now;
  }

  /**
   * Takes a message, once.
   *
   * @param timestamp Unix seconds as text
   * @param signature `sha256=<hex>`
   * @returns why it is refused, or an id that is the same for the same message
   */
  take(
    timestamp: string | undefined,
    signature: string | undefined,
    body: Uint8Array,
  ): { readonly id: string } | { readonly refused: string } {
    const now = this.now();
    for (const [known, until] of this.taken) if (until < now) this.taken.delete(known);
    if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) {
      return { refused: 'X-Timestamp: expected Unix seconds' };
    }
    const given = /^sha256=([0-9a-f]{64})$/.exec(signature ?? '')?.[1];
    if (given === undefined) return { refused: 'X-Signature: expected sha256= and 64 hex characters' };
    const sentAt = Number(timestamp) * 1000;
    if (Math.abs(now - sentAt) > toleranceMs) {
      return { refused: 'X-Timestamp: more than 5 minutes from this clock' };
    }
    const right = timingSafeEqual(Buffer.from(given), Buffer.from(sign(this.secret, timestamp, body)));
    if (!right) return { refused: 'X-Signature: not that of this body and timestamp' };
    if (this.taken.has(given)) return { refused: 'X-Signature: this message was taken already' };
    this.taken.set(given, sentAt + toleranceMs);
    return { id: createHash('sha256').update(given).digest('hex').slice(0, 32) };
  }

  /** Lets a message be sent again that could not be handed on. */
  release(signature: string | undefined): void {
    this.taken.delete(signature?.replace('sha256=', '') ?? '');
  }
}
