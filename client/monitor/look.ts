import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type MonitorOrder,
  type MonitorStatus,
  monitorQuery,
  monitorWorkflow,
  monitorWorkflowId,
  type OrderVerdict,
  orderSignal,
} from '../../workflows/contracts/monitor.ts';
import { searchAttributes, taskQueue } from '../../workflows/contracts/names.ts';
import type { TemporalAccess } from '../connection.ts';
import { whyNoAnswer } from '../recovery/run.ts';
import { explainUnregistered } from '../recovery/search-attributes.ts';

/** How long a query may take, ms. */
const queryMs = 5_000;
/** How long a sender waits for the verdict, and how often it is asked for, ms. */
const verdictMs = 30_000;
const askEveryMs = 200;

/** The monitor of an environment as it is found. */
export type MonitorLook =
  | { readonly kind: 'never-ran' }
  | {
      readonly kind: 'found';
      readonly running: boolean;
      /** Null where no worker answers. */
      readonly status: MonitorStatus | null;
      readonly noStatusBecause: string | null;
    };

/**
 * Looks at the monitor. Takes seconds at most.
 *
 * @param withinMs how long it may take to answer
 */
export async function lookAtMonitor(
  { client }: TemporalAccess,
  environment: string,
  withinMs = queryMs,
): Promise<MonitorLook> {
  const handle = client.workflow.getHandle(monitorWorkflowId(environment));
  const within = <T>(ask: () => Promise<T>) => client.withDeadline(Date.now() + withinMs, ask);
  try {
    const { status: state } = await within(() => handle.describe());
    const running = state.name === 'RUNNING' || state.name === 'PAUSED';
    const found = { kind: 'found', running } as const;
    return await within(() => handle.query(monitorQuery)).then(
      (status) => ({ ...found, status, noStatusBecause: null }),
      (error: unknown) => ({ ...found, status: null, noStatusBecause: whyNoAnswer(error, withinMs) }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'never-ran' };
    throw error;
  }
}

/** Starts the monitor where it does not run. */
export async function startMonitor({ client }: TemporalAccess, environment: string): Promise<void> {
  try {
    await client.workflow.start(monitorWorkflow, {
      ...startOptions(environment),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  } catch (error) {
    throw explainUnregistered(error);
  }
}

/** Hands an order to the monitor, which is started where it does not run; gives the verdict, null without a worker. */
export async function orderMonitor(
  access: TemporalAccess,
  environment: string,
  order: MonitorOrder,
): Promise<OrderVerdict | null> {
  try {
    await access.client.workflow.signalWithStart(monitorWorkflow, {
      ...startOptions(environment),
      signal: orderSignal,
      signalArgs: [order],
    });
  } catch (error) {
    throw explainUnregistered(error);
  }
  const until = Date.now() + verdictMs;
  while (Date.now() < until) {
    const look = await lookAtMonitor(access, environment, Math.min(queryMs, until - Date.now()));
    const verdicts = look.kind === 'found' ? (look.status?.verdicts ?? []) : [];
    const verdict = verdicts.find(({ id }) => id === order.id);
    if (verdict !== undefined) return verdict;
    await delay(askEveryMs);
  }
  return null;
}

function startOptions(environment: string) {
  return {
    workflowId: monitorWorkflowId(environment),
    taskQueue,
    args: [{ environment }],
    typedSearchAttributes: [
      { key: searchAttributes.environment, value: environment },
      { key: searchAttributes.scenario, value: monitorWorkflow },
    ],
    staticSummary: `looks after ${environment}`,
  };
}
