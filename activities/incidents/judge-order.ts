import { z } from 'zod';
import type { JudgedOrder } from '../../workflows/contracts/monitor.ts';
import type { Policy } from '../../workflows/contracts/policy.ts';
import { isUnreadable, unreadableVerdict } from '../../workflows/contracts/unreadable.ts';
import { scenario, signal } from './schemas.ts';

/** Longest silence, ms: maintenance that takes longer is silenced anew, by somebody who still wants it. */
const longestSilenceMs = 24 * 3_600_000;

const moment = z.iso.datetime({ offset: true });
const common = {
  id: z.string().trim().min(1).max(100),
  by: z.string().trim().min(1).max(100),
  reason: z.string().trim().min(1).max(1000),
};

const orderSchema = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('silence'), until: moment }),
  z.object({ ...common, kind: z.literal('unsilence') }),
  z.object({ ...common, kind: z.literal('stop') }),
  z.object({
    ...common,
    kind: z.literal('report'),
    through: z.enum(['user-report', 'outside-alert']),
    signal: signal.nullable(),
    scenario: scenario.nullable(),
    since: moment.nullable(),
  }),
]);

type Order = z.infer<typeof orderSchema>;

/** An order as it was received, and what it is judged against. */
export interface OrderJudgement {
  /** Unparsed. */
  readonly order: unknown;
  /** By which the order is known where it names itself in no way that can be read. */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly receivedAt: string;
  readonly policy: Policy;
}

/** Judges one order to the monitor; a refusal is a verdict, not an error. */
export async function judgeOrder({ order, id, receivedAt, policy }: OrderJudgement): Promise<JudgedOrder> {
  if (isUnreadable(order)) {
    return { id, accepted: false, verdict: unreadableVerdict };
  }
  const parsed = orderSchema.safeParse(order);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'order'}: ${message}`,
    );
    return { id, accepted: false, verdict: `It cannot be read: ${problems.join('; ')}.` };
  }
  const given = parsed.data;
  const refusal = unknownPerson(given, policy) ?? unfit(given, receivedAt, policy);
  return refusal === null
    ? accept(given, receivedAt, policy)
    : { id: given.id, accepted: false, verdict: refusal };
}

function unknownPerson(order: Order, { people }: Policy): string | null {
  if (order.kind === 'report' && order.through === 'outside-alert') return null;
  return people.some(({ name }) => name === order.by)
    ? null
    : `${order.by} is not in the policy; it knows ${people.map(({ name }) => name).join(', ')}.`;
}

function unfit(order: Order, receivedAt: string, policy: Policy): string | null {
  const now = Date.parse(receivedAt);
  if (order.kind === 'silence') {
    const forMs = Date.parse(order.until) - now;
    if (forMs <= 0) return 'The silence would be over already.';
    return forMs > longestSilenceMs ? 'A silence lasts 24 hours at most; silence it anew then.' : null;
  }
  if (order.kind !== 'report') return null;
  if (order.since !== null && Date.parse(order.since) > now) return 'It names a moment of the future.';
  return scenarioOf(order, policy) === null
    ? 'It speaks for no runbook: name a scenario, or another signal.'
    : null;
}

function scenarioOf(order: Extract<Order, { kind: 'report' }>, { monitor }: Policy) {
  return order.scenario ?? monitor.rules.find((rule) => rule.signal === order.signal)?.scenario ?? null;
}

function accept(order: Order, receivedAt: string, policy: Policy): JudgedOrder {
  const { id, by, reason } = order;
  switch (order.kind) {
    case 'silence': {
      const until = new Date(order.until).toISOString();
      const verdict = `Silent until ${until}: the monitor goes on looking and opens nothing.`;
      return {
        id,
        accepted: true,
        verdict,
        kind: 'silence',
        silence: { by, reason, from: receivedAt, until },
      };
    }
    case 'unsilence':
      return { id, accepted: true, verdict: 'What is bad now is opened.', kind: 'unsilence' };
    case 'stop':
      return { id, accepted: true, verdict: 'The monitor ends.', kind: 'stop' };
    case 'report': {
      const what = order.signal === null ? '' : ` (${order.signal})`;
      const evidence = {
        signal: order.through,
        scenario: scenarioOf(order, policy),
        since: order.since === null ? receivedAt : new Date(order.since).toISOString(),
        lastGoodAt: null,
        found: `${by} reports${what}: ${reason}`,
        expected: 'nothing to report',
        unreachable: [],
      };
      return {
        id,
        accepted: true,
        verdict: 'It is evidence now; a person is asked before anything is changed.',
        kind: 'report',
        report: { evidence, sinceKnown: order.since !== null },
      };
    }
  }
}
