import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTemporalOrchestrator } from '../../../../activities/adapters/temporal/index.ts';
import { recoveryWorkflowId, searchAttributes, taskQueue } from '../../../../workflows/contracts/names.ts';
import { freeServerPort } from '../../../sandbox/process/free-port.ts';
import { failureOf } from '../../failure-of.ts';
import { startTestTemporal } from './test-temporal.ts';

describe('the registry of runs in a real Temporal', () => {
  let temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  beforeAll(async () => {
    temporal = await startTestTemporal();
  });
  afterAll(() => temporal?.stop());

  // No worker runs them: they go on until they are terminated.
  const start = (type: string, workflowId: string, environment: string) =>
    temporal.client.workflow.start(type, {
      workflowId,
      taskQueue,
      typedSearchAttributes: [{ key: searchAttributes.environment, value: environment }],
    });
  const operations = (environment: string, exceptRunId = '') =>
    temporal.registry.operationsOf(environment, exceptRunId);

  it('knows the recovery of an environment while it runs, and each that follows', async () => {
    expect(await temporal.registry.recoveryOf('one')).toBeNull();
    for (const _ of ['first', 'second']) {
      const { workflowId, firstExecutionRunId: runId } = await start(
        'dataLoss',
        recoveryWorkflowId('one'),
        'one',
      );
      expect(await temporal.registry.recoveryOf('one')).toEqual({ workflowId, runId, phase: null });
      expect(await temporal.registry.recoveryOf('two')).toBeNull();
      await temporal.client.workflow.getHandle(workflowId, runId).terminate();
      expect(await temporal.registry.recoveryOf('one')).toBeNull();
    }
  });

  it('lists operations of that environment alone, neither recoveries nor the caller', async () => {
    const backup = await start('backup', 'backup-list', 'list');
    const sync = await start('syncUploads', 'uploads-sync-list', 'list');
    const others = [
      await start('backup', 'backup-list-2', 'list-2'),
      await start('dataLoss', recoveryWorkflowId('list'), 'list'),
      await start('plan', 'plan-list', 'list'),
    ];
    await vi.waitFor(async () => expect(await operations('list')).toHaveLength(2), 60_000);
    expect(await operations('list', backup.firstExecutionRunId)).toEqual([
      { workflowId: 'uploads-sync-list', runId: sync.firstExecutionRunId, operation: 'uploads-sync' },
    ]);
    await sync.terminate();
    await vi.waitFor(async () => {
      expect(await operations('list')).toEqual([
        { workflowId: 'backup-list', runId: backup.firstExecutionRunId, operation: 'backup' },
      ]);
    }, 60_000);
    for (const run of [backup, ...others]) await run.terminate();
  });

  it('asks an operation to stand back by signal, and takes one that has ended for asked', async () => {
    const { workflowId, firstExecutionRunId: runId } = await start('backup', 'backup-signal', 'signal');
    await temporal.registry.askToStandBack(workflowId, runId);
    const { events } = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals).toContain('standBack');
    await temporal.client.workflow.getHandle(workflowId, runId).terminate();
    await temporal.registry.askToStandBack(workflowId, runId);
    await temporal.registry.askToStandBack('backup-never-was', runId);
  });

  it('lists the reviews of an environment that wait, none of which a recovery waits for, and tells them', async () => {
    const audit = await start('securityAudit', 'security-audit-quarter', 'quarter');
    const other = await start('securityAudit', 'security-audit-other', 'other-quarter');
    await vi.waitFor(async () => {
      expect(await temporal.registry.reviewsOf('quarter')).toEqual([
        {
          workflowId: 'security-audit-quarter',
          runId: audit.firstExecutionRunId,
          review: 'security-audit',
          startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      ]);
    }, 60_000);
    expect(await operations('quarter')).toEqual([]);
    const { workflowId, firstExecutionRunId: runId } = audit;
    await temporal.registry.tellAttested(workflowId, runId);
    const { events } = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals).toContain('attested');
    for (const run of [audit, other]) await run.terminate();
    await temporal.registry.tellAttested(workflowId, runId);
  });

  it('refuses the name of an environment that would change the query', async () => {
    expect((await failureOf(operations('x" OR WorkflowType = "plan'))).type).toBe('input-invalid');
    expect((await failureOf(temporal.registry.recoveryOf('a b'))).type).toBe('input-invalid');
  });

  it('does not take a namespace that is not there for one without recoveries', async () => {
    const elsewhere = createTemporalOrchestrator({
      connectionOptions: { address: temporal.address },
      namespace: 'nowhere',
    });
    try {
      for (const work of [
        () => elsewhere.registry.recoveryOf('one'),
        () => elsewhere.registry.operationsOf('one', ''),
        () => elsewhere.scheduler.list('one', [], 0),
        () => elsewhere.scheduler.apply('one', []),
      ]) {
        const failure = await failureOf(work());
        expect(failure.type).toBe('configuration-invalid');
        expect(failure.message).toContain('nowhere');
      }
    } finally {
      await elsewhere.close();
    }
  });

  it('says that Temporal cannot be reached', async () => {
    const address = `127.0.0.1:${await freeServerPort()}`;
    const gone = createTemporalOrchestrator({ connectionOptions: { address, apiKey: 'key-that-is-secret' } });
    try {
      const failure = await failureOf(gone.registry.recoveryOf('one'));
      expect(failure.type).toBe('orchestrator-unavailable');
      expect(failure.message).toContain(address);
      expect(JSON.stringify([failure.message, failure.stack])).not.toContain('key-that-is-secret');
    } finally {
      await gone.close();
    }
  });
});
