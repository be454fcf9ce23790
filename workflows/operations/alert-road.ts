import { isCancellation, sleep } from '@temporalio/workflow';
import type { AlertText } from './alert-text.ts';

/** A message on its way. */
export interface AlertMessage extends AlertText {
  readonly recipients: readonly string[];
  /** The same in every try, so that a reader’s program can tell a double. */
  readonly dedupeKey: string;
}

/** How long after a refusal it is tried again: a person may have mended the configuration by then. */
const afterRefusal = '10 minutes';
/** How long one message is tried on a road before it counts as lost there, ms. */
const giveUpMs = 24 * 3_600_000;

/** One way to people. Messages leave in their order, each until it is taken; other roads do not wait for it. */
export class AlertRoad {
  private readonly send: (message: AlertMessage) => Promise<boolean>;
  private last: Promise<unknown> = Promise.resolve();
  private underWay = 0;

  /** @param send resolves to false where this road leads nowhere; rejects where it was not taken this time */
  constructor(send: (message: AlertMessage) => Promise<boolean>) {
    this.send = send;
  }

  /** Whether nothing is left to be told. */
  get idle(): boolean {
    return this.underWay === 0;
  }

  /** Takes a message; resolves to when it was taken at the other end (RFC 3339, UTC), or null when it never was. */
  tell(message: AlertMessage): Promise<string | null> {
    this.underWay += 1;
    const told = this.last.then(() => this.untilTaken(message)).catch(() => null);
    this.last = told.then(() => {
      this.underWay -= 1;
    });
    return told;
  }

  private async untilTaken(message: AlertMessage): Promise<string | null> {
    const giveUpAt = Date.now() + giveUpMs;
    for (;;) {
      try {
        return (await this.send(message)) ? new Date().toISOString() : null;
      } catch (error) {
        if (isCancellation(error)) throw error;
        if (Date.now() >= giveUpAt) return null;
        await sleep(afterRefusal, { summary: 'until the alert is sent again' });
      }
    }
  }
}
