import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoveryWorkflowId } from '../../../workflows/contracts/names.ts';
import { startServer } from '../peer/server.ts';
import { type Terminal, terminal } from '../peer/terminal.ts';
import { type OperationsWorker, startOperationsWorker } from './peer/worker.ts';

const flat = (text: string) => text.replace(/\s+/g, ' ');
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

let server: TestWorkflowEnvironment;
let worker: OperationsWorker;
let dr: Terminal['dr'];

beforeAll(async () => {
  server = await startServer();
  worker = await startOperationsWorker(server);
  dr = terminal(server).dr;
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await server?.teardown();
});

describe('dr backup', () => {
  it('takes a half-hourly backup and tells where it lies and what is next', async () => {
    const { code, out } = await dr('backup', '-e', 'sound');
    expect(out).toContain('SUCCEEDED  backup in sound');
    expect(flat(out)).toMatch(/: recent\/backup-[\d-]+\.json\.gz\.enc, 250 rows, 1\.2 MB, in /);
    expect(flat(out)).toContain('ok stored and verified at s3: exported ');
    expect(out).toContain('Next:\n  npx dr backup validate --environment sound');
    expect(code).toBe(0);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  it('takes the backup of the day, found by its environment and operation', async () => {
    const { code, out } = await dr('backup', '--tier', 'daily', '-e', 'sound', '--json');
    const record: unknown = JSON.parse(out);
    expect(code).toBe(0);
    expect(record).toMatchObject({
      operation: 'backup',
      environment: 'sound',
      startedBy: 'anna',
      outcome: 'succeeded',
      summary: expect.stringMatching(/^daily\/backup-/),
      workflowId: expect.stringMatching(/^backup-sound-\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    const query = 'DrEnvironment = "sound" AND DrScenario = "backup"';
    await expect
      .poll(async () => (await server.client.workflow.count(query)).count, { timeout: 10_000 })
      .toBeGreaterThan(0);
  });

  it('fails when one location lacks it, and names the command to retry with its tier', async () => {
    const { code, out } = await dr('backup', '--tier', 'daily', '-e', 'disk-full');
    expect(code).toBe(1);
    expect(out).toContain('FAILED  backup in disk-full');
    expect(flat(out)).toContain('FAILED stored and verified at s3: The disk is full.');
    expect(flat(out)).toContain('ok stored and verified at local: exported');
    expect(flat(out)).toContain('Means: Until one succeeds, complete failure would lose everything');
    expect(out).toContain('npx dr backup --tier daily --environment disk-full');
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  it('explains a failure that came before any check', async () => {
    const { code, out } = await dr('backup', '-e', 'unwilling');
    expect(code).toBe(1);
    expect(flat(out)).toContain('Failure: The object store refused the write. (store-refused)');
    expect(out).toContain('Look at the rights of the key.');
    const document: unknown = JSON.parse((await dr('backup', '-e', 'unwilling', '--json')).out);
    expect(document).toMatchObject({ outcome: 'failed', failure: { type: 'store-refused' } });
  });

  it('stands back for a recovery and says so', async () => {
    const recovery = await server.client.workflow.start('dataLoss', {
      workflowId: recoveryWorkflowId('recovering'),
      taskQueue: 'nobody-polls-here',
    });
    const { code, out } = await dr('backup', '-e', 'recovering');
    await recovery.terminate();
    expect(code).toBe(2);
    expect(out).toContain('STOOD BACK  backup in recovering');
    expect(out).toContain('npx dr status --environment recovering');
  });
});

describe('dr backup validate', () => {
  it("speaks as the procedure's script does where all is well", async () => {
    const { code, out } = await dr('backup', 'validate', '-e', 'sound');
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'Validating backups...',
      'Last backup: 2025-11-29 03:15:00.123456 UTC',
      'Backup validation passed',
    ]);
    expect(flat(out)).toContain('ok provider: restore window reaches back: 8.0 days');
    expect(out).not.toContain('ERROR');
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  it('says that no recent backup was found, where neither the provider nor we have one', async () => {
    const { code, out } = await dr('backup', 'validate', '-e', 'no-backups');
    expect(code).toBe(1);
    expect(out.match(/ERROR: No recent backup found/g)).toHaveLength(1);
    expect(out).not.toContain('Last backup');
    expect(out).not.toContain('ERROR: Database connection failed');
    expect(out).not.toContain('Backup validation passed');
    expect(flat(out)).toContain('FAILED provider: newest daily backup: no completed backup');
    expect(flat(out)).toContain('FAILED own export present (local): none');
  });

  it('finds no backup where the provider does not tell, as the script does, and says why', async () => {
    const { code, out } = await dr('backup', 'validate', '-e', 'provider-down');
    expect(code).toBe(1);
    expect(out).toContain('\nERROR: No recent backup found\n');
    expect(flat(out)).toContain('The provider refused the token. (provider-unauthorized)');
    expect(out).toContain('Make a new token.');
  });

  it('says that the database cannot be reached', async () => {
    const { code, out } = await dr('backup', 'validate', '-e', 'database-down');
    expect(code).toBe(1);
    expect(out).toContain('\nERROR: Database connection failed\n');
    expect(out).not.toContain('ERROR: No recent backup found');
    expect(out).not.toContain('Backup validation passed');
  });

  it('tells a database that answers with too few users from one that does not', async () => {
    const { code, out } = await dr('backup', 'validate', '-e', 'few-users');
    expect(code).toBe(1);
    expect(out).toContain('ERROR: database answers: 7 users');
    expect(out).not.toContain('ERROR: Database connection failed');
  });

  it('prints nothing but the record for a script', async () => {
    const { code, out } = await dr('backup', 'validate', '-e', 'no-backups', '--json');
    expect(code).toBe(1);
    const record: unknown = JSON.parse(out);
    expect(record).toMatchObject({ operation: 'backup-validation', outcome: 'failed' });
  });
});

describe('dr backup test-restore', () => {
  it("speaks as the procedure's script does", async () => {
    const [good, bad] = await Promise.all([
      dr('backup', 'test-restore', '-e', 'sound'),
      dr('backup', 'test-restore', '-e', 'incomplete'),
    ]);
    expect(good.code).toBe(0);
    expect(good.out).toMatch(/^Testing restore procedure\.\.\.\nRestore test passed\n/);
    expect(bad.code).toBe(1);
    expect(bad.out).toMatch(/^Testing restore procedure\.\.\.\nERROR: Restored data incomplete\n/);
    expect(flat(bad.out)).toContain('FAILED users: 3 (expected: at least 100)');
    expect(bad.out).toContain('npx dr backup test-restore --environment incomplete');
  });
});

describe('the other operations', () => {
  it.each([
    [['backup', 'retention'], 'retention at s3: kept 1, removed 1'],
    [['backup', 'configuration'], 's3: unchanged'],
    [['uploads', 'sync'], '2 files (4.1 kB) of 12 copied, 10 unchanged'],
  ])('%s runs and tells what it did', async (words, found) => {
    const { code, out } = await dr(...words, '-e', 'sound');
    expect(code).toBe(0);
    expect(flat(out)).toContain(found);
    expect(out).toContain('Next:');
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  it('fails an upload sync that had to refuse a file', async () => {
    const { code, out } = await dr('uploads', 'sync', '-e', 'hostile');
    expect(code).toBe(1);
    expect(flat(out)).toContain('1 refused ../passwd: it leaves the folder');
  });
});
