import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { recordedSale } from './application/sales.ts';
import { seeded } from './seed.ts';

/** A sale that the application acknowledged: committed, as far as the customer knows. */
export interface AcknowledgedSale {
  readonly id: number;
  /** Names the sale for good; ids repeat after a restore. */
  readonly receipt: string;
  /** Of the database, as text; repeats after a restore. */
  readonly transactionId: string;
  /** RFC 3339, UTC: when the acknowledgement arrived. */
  readonly at: string;
}

/** What became of the sales so far. */
export interface TrafficTotals {
  readonly acknowledged: number;
  /** Answered, but not with 201. */
  readonly refused: number;
  /** Not answered in time: the sale may have been recorded or not. */
  readonly failed: number;
}

/** Live traffic. */
export interface Traffic {
  totals(): TrafficTotals;
  /** Sends nothing more, waits for the requests under way, and says what came of all of them. */
  stop(): Promise<TrafficTotals & { readonly sales: readonly AcknowledgedSale[] }>;
}

const requestTimeoutMs = 3_000;
const requestsAtOnce = 50;

/**
 * Customers at the machines: writes sales through the application's API, all the time, also while it is down.
 *
 * @param input.applicationUrl without a path
 * @param input.perSecond sales tried a second; fewer when 50 wait for their answer
 */
export function startTraffic(input: {
  readonly applicationUrl: string;
  readonly perSecond: number;
}): Traffic {
  const connections = new Pool(input.applicationUrl, { connections: requestsAtOnce });
  const sales: AcknowledgedSale[] = [];
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  let refused = 0;
  let failed = 0;

  const sell = async (n: number) => {
    try {
      const { statusCode, body } = await connections.request({
        method: 'POST',
        path: '/api/sales',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          machineId: 1 + (n % seeded.machines),
          productId: 1 + (n % seeded.products),
          userId: 1 + (n % seeded.users),
        }),
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      const answer = await body.json();
      if (statusCode === 201) sales.push({ ...recordedSale.parse(answer), at: new Date().toISOString() });
      else refused += 1;
    } catch {
      failed += 1;
    }
  };

  const send = async () => {
    for (let n = 0; !stopping.signal.aborted; n += 1) {
      if (underWay.size < requestsAtOnce) {
        const sale = sell(n).finally(() => underWay.delete(sale));
        underWay.add(sale);
      }
      await delay(1_000 / input.perSecond, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const sending = send();
  const totals = () => ({ acknowledged: sales.length, refused, failed });

  return {
    totals,
    stop: async () => {
      stopping.abort();
      await sending;
      await Promise.all(underWay);
      await connections.destroy();
      return { ...totals(), sales };
    },
  };
}
