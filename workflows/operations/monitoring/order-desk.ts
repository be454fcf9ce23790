import { setHandler, uuid4 } from '@temporalio/workflow';
import { type JudgedOrder, orderSignal } from '../../contracts/monitor.ts';
import type { Policy } from '../../contracts/policy.ts';
import { activities } from '../../runbook/activities.ts';
import { payloadText } from '../../runbook/payload-text.ts';

interface Received {
  readonly id: string;
  readonly order: unknown;
  readonly receivedAt: string;
}

/** Where people and other systems tell the monitor something. Each order is judged once, in an activity. */
export class OrderDesk {
  private readonly inbox: Received[] = [];

  /** @param isKnown whether an order with this id was judged before */
  constructor(isKnown: (id: string) => boolean) {
    setHandler(orderSignal, (order: unknown) => {
      const id = payloadText(order, 'id') ?? uuid4();
      if (isKnown(id) || this.inbox.some((received) => received.id === id)) return;
      this.inbox.push({ id, order, receivedAt: new Date().toISOString() });
    });
  }

  /** Whether an order waits to be judged. */
  get waiting(): boolean {
    return this.inbox.length > 0;
  }

  /** Judges the oldest order; undefined when none waits. */
  async judgeNext(policy: Policy): Promise<JudgedOrder | undefined> {
    const [received] = this.inbox;
    if (received === undefined) return undefined;
    const judged = await activities.orders.judgeOrder({ ...received, policy });
    this.inbox.shift();
    return judged;
  }
}
