import { undoFactsQuery } from '../../../workflows/contracts/messages.ts';
import { planWorkflow, planWorkflowId, taskQueue } from '../../../workflows/contracts/names.ts';
import { Recovery } from '../../end-to-end/recovery.ts';
import { customersServed, damage, someTarget } from '../../end-to-end/truth.ts';
import type { SandboxProduction } from '../../sandbox/index.ts';
import { startTraffic } from '../../sandbox/vendhub/index.ts';

/** One recorded run. */
export interface RecordedRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** What happens in a run, told to the end; gives the runs that are worth replaying, by what happened. */
export type Story = (sandbox: SandboxProduction) => Promise<Readonly<Record<string, RecordedRun>>>;

const recorded = ({ workflowId, runId }: Recovery): RecordedRun => ({ workflowId, runId });

async function startAfterDamage(sandbox: SandboxProduction): Promise<Recovery> {
  const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 10 });
  await customersServed(traffic, sandbox);
  const { moment } = await damage(sandbox);
  await traffic.stop();
  return Recovery.start(sandbox, { target: { kind: 'just-before', moment }, incidentAt: moment });
}

/** Everything goes well, the mail to users included. */
const recovered: Story = async (sandbox) => {
  const recovery = await startAfterDamage(sandbox);
  await recovery.approve();
  await recovery.confirm();
  await recovery.approve('tell-users');
  await recovery.result();
  return { 'data-loss recovered': recorded(recovery) };
};

/** The provider ignores a request: a person vouches for that, and it is sent again after a new approval. */
const sentAgain: Story = async (sandbox) => {
  const recovery = await startAfterDamage(sandbox);
  sandbox.supabase.faults.switchOn('restore-ignored');
  await recovery.approve();
  const unproved = await recovery.asked('restore-unproved', 'restore-database');
  await recovery.accepted('reject', { decision: unproved.id, reason: 'the support never saw it' });
  const failed = await recovery.asked('failed-step', 'restore-database');
  sandbox.supabase.faults.switchOff('restore-ignored');
  await recovery.accepted('retry', { decision: failed.id });
  await recovery.approve();
  await recovery.finishAfterRestore();
  return { 'data-loss restore-sent-again': recorded(recovery) };
};

/** The restored data is not what was wanted: a second plan goes elsewhere. */
const replanned: Story = async (sandbox) => {
  const recovery = await startAfterDamage(sandbox);
  await recovery.approve();
  const looked = await recovery.asked('manual-step', 'confirm-restored-data');
  const { plan } = await recovery.status();
  const secondBefore = Number(plan?.plan.arguments['targetUnix']) - 1;
  await recovery.accepted('replan', {
    decision: looked.id,
    reason: 'a second earlier',
    target: { kind: 'at', moment: new Date(secondBefore * 1000).toISOString() },
  });
  await recovery.approve();
  await recovery.finishAfterRestore();
  return { 'data-loss replanned': recorded(recovery) };
};

/** Given up after the restore; later, what is in force is taken back. */
const leftFencedAndRepaired: Story = async (sandbox) => {
  const recovery = await startAfterDamage(sandbox);
  await recovery.approve();
  await recovery.asked('manual-step', 'confirm-restored-data');
  await recovery.accepted('abort', { reason: 'the data looks wrong' });
  const { status } = await recovery.result();
  const repair = await Recovery.launch(sandbox, {
    environment: status.environment,
    startedBy: 'admin',
    reason: 'the data was right after all',
    ofRunId: recovery.runId,
    left: {
      measures: status.measures,
      facts: await recovery.handle.query(undoFactsQuery),
      destroyed: status.destroyed,
    },
  });
  await repair.result();
  return { 'data-loss left-fenced': recorded(recovery), 'data-loss repaired': recorded(repair) };
};

/** Rejected at the gate. */
const rejected: Story = async (sandbox) => {
  const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
  const gate = await recovery.asked('approval', 'restore-database');
  await recovery.accepted('reject', { decision: gate.id, reason: 'the rows are there after all' });
  await recovery.result();
  return { 'data-loss rejected': recorded(recovery) };
};

/** A step fails, is done again, and the run is aborted at the gate. */
const failedStepRetried: Story = async (sandbox) => {
  const target = await someTarget(sandbox);
  sandbox.supabase.faults.set('list-backups', { kind: 'answer', status: 403 });
  const recovery = await Recovery.start(sandbox, { target });
  const failed = await recovery.asked('failed-step', 'find-recovery-point');
  sandbox.supabase.faults.clear('list-backups');
  await recovery.accepted('retry', { decision: failed.id });
  await recovery.asked('approval', 'restore-database');
  await recovery.accepted('abort', { reason: 'enough was seen' });
  await recovery.result();
  return { 'data-loss failed-step-retried': recorded(recovery) };
};

/** Cancelled in Temporal while it waits at the gate. */
const cancelled: Story = async (sandbox) => {
  const recovery = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
  await recovery.asked('approval', 'restore-database');
  await recovery.handle.cancel();
  await recovery.result().catch(() => undefined);
  return { 'data-loss cancelled': recorded(recovery) };
};

/** Only planned. */
const planned: Story = async (sandbox) => {
  const target = await someTarget(sandbox);
  const { workflow } = sandbox.temporal.environment.client;
  const environment = 'sandbox';
  const handle = await workflow.start(planWorkflow, {
    workflowId: planWorkflowId(environment, Date.now()),
    taskQueue,
    args: [
      {
        scenario: 'data-loss',
        input: { environment, startedBy: 'oncall', reason: 'to see', incidentAt: null, target },
        checks: 'all',
      },
    ],
  });
  await handle.result();
  return { 'plan planned': { workflowId: handle.workflowId, runId: handle.firstExecutionRunId } };
};

/** Every story, in an order in which each finds production as it needs it. */
export const stories: readonly Story[] = [
  planned,
  rejected,
  failedStepRetried,
  cancelled,
  recovered,
  sentAgain,
  replanned,
  leftFencedAndRepaired,
];
