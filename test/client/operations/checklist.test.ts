import { describe, expect, it } from 'vitest';
import type { OperationRecord } from '../../../workflows/contracts/operations.ts';
import { operationsOfThisFile } from './peer/operations.ts';

const hourMs = 3_600_000;

const operations = operationsOfThisFile();
const { dr } = operations;

/** Stores a record of a run that ended so many hours ago. */
async function leave(change: Partial<OperationRecord> & { environment: string }, hoursAgo: number) {
  const at = new Date(Date.now() - hoursAgo * hourMs).toISOString();
  await operations.worker.alerting.putOperationRecord({
    formatVersion: 1,
    operation: 'retention',
    tier: null,
    restores: [],
    workflowId: `${change.operation}-${change.environment}-scheduled`,
    runId: '0199-run',
    startedBy: 'schedule',
    startedAt: at,
    finishedAt: at,
    outcome: 'succeeded',
    summary: 'done',
    checks: [{ name: 'all', passed: true, found: 'well', expected: 'well' }],
    failure: null,
    ...change,
  });
}

/** The state that the checklist shows for an item. */
function stateOf(out: string, item: string): string | undefined {
  return out
    .split('\n')
    .find((line) => line.endsWith(item))
    ?.slice(0, -item.length)
    .trim();
}

describe('dr checklist', () => {
  it('names everything overdue where nothing was ever done, and the commands that do it', async () => {
    const { code, out } = await dr('checklist', '-e', 'untouched');
    expect(code).toBe(1);
    expect(stateOf(out, 'Backup completed successfully')).toBe('OVERDUE');
    expect(stateOf(out, 'Test restore procedure')).toBe('OVERDUE');
    expect(stateOf(out, 'Full disaster recovery test')).toBe('OVERDUE');
    expect(stateOf(out, 'Monthly DR drills')).toBe('OVERDUE');
    expect(out).toMatch(/OVERDUE +Monitoring\n +the monitor does not run\n/);
    expect(out).toMatch(/OVERDUE +Update recovery procedures\n +never done\n +due at least every 50 days/);
    expect(out).toMatch(/Annual:\n +OVERDUE +Annual recovery plan review\n/);
    for (const words of [
      'backup --tier daily',
      'backup validate',
      'backup test-restore',
      'backup full-test',
      'review start monthly-review',
      'review start security-audit',
      'review start plan-review',
      'drill',
      'monitor',
    ]) {
      expect(out).toContain(`npx dr ${words} --environment untouched`);
    }
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('is answered by the runs of the operations themselves', async () => {
    for (const words of [
      ['backup', '--tier', 'daily'],
      ['backup', 'validate'],
      ['backup', 'test-restore'],
    ]) {
      expect((await dr(...words, '-e', 'tended')).code).toBe(0);
    }
    for (const operation of ['full-test', 'drill', 'security-audit', 'plan-review'] as const) {
      await leave({ environment: 'tended', operation }, 24);
    }
    const answer = { passed: true, found: 'holds, by anna', expected: 'It is so.' };
    const checks = ['retention at local', 'manual: backup-retention-review', 'manual: procedures-updated'];
    await leave(
      {
        environment: 'tended',
        operation: 'monthly-review',
        checks: checks.map((name) => ({ name, ...answer })),
      },
      24,
    );
    const { code, out } = await dr('checklist', '-e', 'tended');
    expect(code).toBe(0);
    expect(out).not.toMatch(/OVERDUE|FAILED/);
    expect(stateOf(out, 'Backup size reasonable')).toBe('done');
    expect(stateOf(out, 'Check backup storage')).toBe('done');
    expect(out).toMatch(/ago, by anna\n +backup-validation-tended-\d{4}-/);
    expect(stateOf(out, 'Review backup retention')).toBe('done');
    expect(out).toMatch(/done +Update recovery procedures\n +holds, by anna/);
    expect(out).toContain('npx dr schedules --environment tended');
  });

  it('does not take a half-hourly backup for the one of the day', async () => {
    expect((await dr('backup', '-e', 'half-hourly')).code).toBe(0);
    const { out } = await dr('checklist', '-e', 'half-hourly');
    expect(stateOf(out, 'Backup completed successfully')).toBe('OVERDUE');
  });

  it('knows a run of just under the allowed age from one over it', async () => {
    const restoreTest = { environment: 'aged', operation: 'restore-test' } as const;
    await leave(restoreTest, 8 * 24 + 1);
    expect(stateOf((await dr('checklist', '-e', 'aged')).out, 'Test restore procedure')).toBe('OVERDUE');
    await leave(restoreTest, 8 * 24 - 1);
    const { out } = await dr('checklist', '-e', 'aged');
    expect(stateOf(out, 'Test restore procedure')).toBe('done');
    expect(stateOf(out, 'Verify data integrity')).toBe('done');
  });

  it('passes over a run that stood back, and not over one that failed', async () => {
    const restoreTest = { environment: 'mixed', operation: 'restore-test' } as const;
    await leave(restoreTest, 3);
    await leave({ ...restoreTest, outcome: 'stood-back', checks: [] }, 2);
    expect(stateOf((await dr('checklist', '-e', 'mixed')).out, 'Test restore procedure')).toBe('done');
    const failure = { type: 'store-refused', happened: 'The store is locked.', meaning: 'm', next: 'n' };
    await leave({ ...restoreTest, outcome: 'failed', checks: [], failure }, 1);
    const { code, out } = await dr('checklist', '-e', 'mixed');
    expect(code).toBe(1);
    expect(stateOf(out, 'Test restore procedure')).toBe('FAILED');
    expect(out).toContain('The store is locked.');
  });

  it('tells a daily backup that failed, although one of the day before succeeded', async () => {
    const daily = { environment: 'stumbled', operation: 'backup', tier: 'daily' } as const;
    await leave(daily, 24);
    expect(stateOf((await dr('checklist', '-e', 'stumbled')).out, 'Backup completed successfully')).toBe(
      'done',
    );
    const failure = { type: 'store-refused', happened: 'The store is full.', meaning: 'm', next: 'n' };
    await leave({ ...daily, outcome: 'failed', summary: 'failed', checks: [], failure }, 1);
    await leave({ ...daily, tier: 'recent' }, 0);
    expect(stateOf((await dr('checklist', '-e', 'stumbled')).out, 'Backup completed successfully')).toBe(
      'FAILED',
    );
  });

  it('answers the size by its own check, whatever else the validation found', async () => {
    expect((await dr('backup', 'validate', '-e', 'few-users')).code).toBe(1);
    const { code, out } = await dr('checklist', '-e', 'few-users');
    expect(code).toBe(1);
    expect(stateOf(out, 'Backup size reasonable')).toBe('done');
    expect(stateOf(out, 'No backup errors')).toBe('FAILED');
    expect(out).toMatch(/failing now: backup-validation since .*, once: /);
  });

  it('names what the vault itself found wrong with size and storage', async () => {
    expect((await dr('backup', 'validate', '-e', 'no-backups')).code).toBe(1);
    const { out } = await dr('checklist', '-e', 'no-backups');
    expect(stateOf(out, 'Backup size reasonable')).toBe('FAILED');
    expect(out).toContain('own export of reasonable size: found no backup');
    expect(stateOf(out, 'Check backup storage')).toBe('FAILED');
    expect(out).toContain('own export present (local): found none');
  });

  it('does not call it free of errors while another operation fails', async () => {
    expect((await dr('backup', 'validate', '-e', 'hostile')).code).toBe(0);
    expect((await dr('uploads', 'sync', '-e', 'hostile')).code).toBe(1);
    const { out } = await dr('checklist', '-e', 'hostile');
    expect(stateOf(out, 'No backup errors')).toBe('FAILED');
    expect(out).toContain('failing now: uploads-sync');
    expect(out).toContain('npx dr uploads sync --environment hostile');
    const report: unknown = JSON.parse((await dr('checklist', '-e', 'hostile', '--json')).out);
    expect(report).toMatchObject({
      environment: 'hostile',
      incidents: [{ operation: 'uploads-sync', failures: 1 }],
      items: expect.arrayContaining([
        expect.objectContaining({ item: 'Backup size reasonable', state: 'done' }),
      ]),
    });
  });
});
