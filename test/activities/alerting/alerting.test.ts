import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpWebhook } from '../../../activities/adapters/webhook/index.ts';
import { type AlertingActivities, createAlertingActivities } from '../../../activities/alerting/index.ts';
import type { OperationIncident, OperationRecord } from '../../../workflows/contracts/operations.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { failureOf } from '../failure-of.ts';

describe('what operations leave behind, in a real object store', () => {
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let alerting: AlertingActivities;
  beforeAll(async () => {
    storage = await startTestStore();
    alerting = createAlertingActivities({ store: storage.store, webhook: null });
  });
  afterAll(() => storage?.stop());

  const incident: OperationIncident = {
    operation: 'backup',
    environment: 'production',
    tier: 'recent',
    since: '2026-01-01T03:00:00Z',
    failures: 1,
    lastFailure: 'Connection timeout',
  };
  const recordAt = (startedAt: string, change: Partial<OperationRecord> = {}): OperationRecord => ({
    formatVersion: 1,
    operation: 'backup',
    environment: 'production',
    tier: 'recent',
    restores: [],
    workflowId: 'backup-production',
    runId: '0199-run',
    startedBy: 'schedule',
    startedAt,
    finishedAt: startedAt,
    outcome: 'failed',
    summary: 'failed',
    checks: [{ name: 'size', passed: false, found: '0', expected: '1' }],
    failure: { type: 'store-refused', happened: 'h', meaning: 'm', next: 'n' },
    ...change,
  });
  const place = { environment: 'production', operation: 'backup' } as const;
  const kind = { ...place, tier: 'recent' } as const;

  it('keeps one incident an operation and environment until it is closed', async () => {
    expect(await alerting.readIncident(kind)).toBeNull();
    await alerting.clearIncident(kind);
    await alerting.writeIncident(incident);
    expect(await alerting.readIncident(kind)).toEqual(incident);
    await alerting.writeIncident({ ...incident, failures: 2 });
    expect(await alerting.readIncident(kind)).toEqual({ ...incident, failures: 2 });
    expect(await alerting.readIncident({ ...kind, operation: 'retention', tier: null })).toBeNull();
    expect(await alerting.readIncident({ ...kind, environment: 'staging' })).toBeNull();
    expect((await storage.store.list('incidents/')).map(({ key }) => key)).toEqual([
      'incidents/production/backup.recent.json',
    ]);
    await alerting.clearIncident(kind);
    expect(await alerting.readIncident(kind)).toBeNull();
  });

  it.each(['', '{"operation":', '{}', JSON.stringify({ ...incident, failures: 0 })])(
    'takes the damaged incident %j for none',
    async (text) => {
      await storage.store.putText('incidents/damaged/backup.recent.json', text, 'application/json');
      expect(await alerting.readIncident({ ...kind, environment: 'damaged' })).toBeNull();
    },
  );

  it('stores a record to be read beside the one for programs, and lists it once', async () => {
    const record = recordAt('2026-02-01T05:00:00.000Z', {
      environment: 'readable',
      operation: 'full-test',
      tier: null,
    });
    const document = {
      title: 'full-test',
      verdict: null,
      headline: 'All <well>.',
      sections: [{ title: 'Checks', blocks: [{ kind: 'list', items: ['one'] }] }],
    } as const;
    const { key } = await alerting.putOperationRecord(record, document);
    const name = key.replace(/\.json$/, '');
    expect(await storage.store.getText(`${name}.md`)).toBe(
      '# full-test\n\nAll <well>.\n\n## Checks\n\n- one\n',
    );
    expect(await storage.store.getText(`${name}.html`)).toContain('All &lt;well&gt;.');
    expect(
      await alerting.listOperationRecords({ environment: 'readable', operation: 'full-test', limit: 1 }),
    ).toEqual([record]);
  });

  it('lists records newest first, as many as asked for, of that operation alone', async () => {
    const moments = [3, 1, 2].map((day) => `2026-01-0${day}T03:00:00.000Z`);
    for (const moment of moments) await alerting.putOperationRecord(recordAt(moment));
    await alerting.putOperationRecord(
      recordAt('2026-01-09T03:00:00Z', {
        operation: 'backup-validation',
        outcome: 'succeeded',
        failure: null,
      }),
    );
    await alerting.putOperationRecord(recordAt('2026-01-09T03:00:00Z', { environment: 'production-2' }));
    const list = (limit: number) => alerting.listOperationRecords({ ...place, limit });
    expect(await list(2)).toEqual([
      recordAt('2026-01-03T03:00:00.000Z'),
      recordAt('2026-01-02T03:00:00.000Z'),
    ]);
    expect(await list(100)).toHaveLength(3);
    expect(await list(0)).toEqual([]);
    expect(await alerting.listOperationRecords({ ...place, operation: 'retention', limit: 5 })).toEqual([]);
  });

  it('keeps both records of two runs that began at once, and one of a run that is stored twice', async () => {
    const environment = 'at-once';
    const startedAt = '2026-02-01T00:00:00.001Z';
    const { key } = await alerting.putOperationRecord(recordAt(startedAt, { environment, runId: 'run-1' }));
    expect(key).toBe('operations/at-once/backup/2026-02-01T00:00:00.001Z-run-1.json');
    await alerting.putOperationRecord(recordAt(startedAt, { environment, runId: 'run-2' }));
    await alerting.putOperationRecord(recordAt(startedAt, { environment, runId: 'run-2' }));
    const records = await alerting.listOperationRecords({ environment, operation: 'backup', limit: 9 });
    expect(records.map(({ runId }) => runId)).toEqual(['run-2', 'run-1']);
  });

  it('passes over records that cannot be read and goes on to older ones', async () => {
    const environment = 'damaged';
    const folder = `operations/${environment}/backup`;
    await alerting.putOperationRecord(recordAt('2026-01-01T00:00:00Z', { environment }));
    for (let day = 10; day < 30; day += 1) {
      await storage.store.putText(`${folder}/2026-01-${day}T00:00:00.000Z-x.json`, '{', 'application/json');
    }
    const records = await alerting.listOperationRecords({ environment, operation: 'backup', limit: 1 });
    expect(records.map(({ startedAt }) => startedAt)).toEqual(['2026-01-01T00:00:00Z']);
  });

  it('keeps the counts of the schedules from one check to the next', async () => {
    const environment = 'production';
    expect(await alerting.readScheduleCounts({ environment })).toEqual([]);
    const counts = [{ id: 'backup-daily', missedCatchupWindow: 1, skippedOverlap: 2 }];
    await alerting.writeScheduleCounts({ environment, counts });
    expect(await alerting.readScheduleCounts({ environment })).toEqual(counts);
    expect(await alerting.readScheduleCounts({ environment: 'staging' })).toEqual([]);
    await storage.store.putText('operations/damaged/schedule-counts.json', '[{}]', 'application/json');
    expect(await alerting.readScheduleCounts({ environment: 'damaged' })).toEqual([]);
  });

  it('posts alerts on the webhook, and says so when none is configured', async () => {
    expect(await alerting.postWebhook({ text: 'x' })).toEqual({
      posted: false,
      detail: 'no webhook is configured: nothing was posted',
    });
    const posted: string[] = [];
    const server = createServer(async (request, response) => {
      for await (const chunk of request) posted.push(String(chunk));
      response.end('ok');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const webhook = createHttpWebhook({ url: `http://127.0.0.1:${port}/` });
    try {
      const withWebhook = createAlertingActivities({ store: storage.store, webhook });
      expect(await withWebhook.postWebhook({ text: 'Backup failed' })).toEqual({
        posted: true,
        detail: 'posted',
      });
      expect(posted).toEqual(['{"text":"Backup failed"}']);
    } finally {
      await webhook.close();
      server.close();
    }
  });

  it.each(['../x', 'a/b', '', 'a b'])('refuses the environment %j', async (environment) => {
    const refused = [
      () => alerting.readIncident({ ...kind, environment }),
      () => alerting.clearIncident({ ...kind, environment }),
      () => alerting.writeIncident({ ...incident, environment }),
      () => alerting.putOperationRecord(recordAt('2026-01-01T00:00:00Z', { environment })),
      () => alerting.listOperationRecords({ ...place, environment, limit: 1 }),
      () => alerting.readScheduleCounts({ environment }),
      () => alerting.writeScheduleCounts({ environment, counts: [] }),
    ];
    for (const work of refused) expect((await failureOf(work())).type).toBe('input-invalid');
  });

  it.each<Partial<OperationRecord>>([{ startedAt: 'yesterday' }, { runId: '../x' }])(
    'refuses a record with %j',
    async (change) => {
      const work = alerting.putOperationRecord(recordAt('2026-01-01T00:00:00Z', change));
      expect((await failureOf(work)).type).toBe('input-invalid');
    },
  );
});
