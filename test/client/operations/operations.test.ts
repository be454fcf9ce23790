import { describe, expect, it } from 'vitest';
import { parseOperationRecord } from '../../../worker/local/operation-record.ts';
import { recoveryWorkflowId, taskQueue } from '../../../workflows/contracts/names.ts';
import { operationsOfThisFile } from './peer/operations.ts';

const flat = (text: string) => text.replace(/\s+/g, ' ');
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

const operations = operationsOfThisFile();
const { dr } = operations;

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
      .poll(async () => (await operations.server.client.workflow.count(query)).count)
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

  it('stores it again where a location failed for a while', async () => {
    const { code, out } = await dr('backup', '-e', 'busy-bucket');
    expect(flat(out)).toContain('ok stored and verified at s3: exported');
    expect(code).toBe(0);
  });

  it('tells until when it is locked, and fails where a bucket with Object Lock did not lock it', async () => {
    const { out } = await dr('backup', '-e', 'locked');
    expect(flat(out)).toContain(
      'ok stored and verified at s3: exported, locked until 2025-12-29 03:00:00 UTC',
    );
    const { code, out: refused } = await dr('backup', '-e', 'unlockable');
    expect(code).toBe(1);
    expect(flat(refused)).toContain('ok stored and verified at s3: exported');
    expect(flat(refused)).toContain('FAILED locked at s3: The key may not lock.');
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
    const recovery = await operations.server.client.workflow.start('dataLoss', {
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
    expect(out).toContain('\nWARNING: provider: recovery point objective, see below\n');
    expect(flat(out)).toContain(
      'NOTICE provider: recovery point objective: the provider lags 120 s: it CANNOT meet the objective of 60 s',
    );
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

describe('dr backup retention', () => {
  it('only says with --preview what it would remove, what a lock holds, and why it keeps the rest', async () => {
    const { code, out } = await dr('backup', 'retention', '--preview', '-e', 'previewed');
    expect(code).toBe(0);
    expect(flat(out)).toContain('s3: removes 1 backup (1.0 MB), keeps 2');
    expect(flat(out)).toContain('remove daily/backup-2025-10-29.json.gz.enc: older than the newest 30');
    expect(flat(out)).toContain('locked daily/backup-2025-10-28.json.gz.enc: older than');
    expect(flat(out)).toContain('but locked until 2025-12-01T03:00:00Z (Object Lock, governance)');
    expect(flat(out)).toContain('keep daily/backup-2025-11-29.json.gz.enc: daily 1 of the newest 30');
    expect(widest(out)).toBeLessThanOrEqual(80);
    const kind = { environment: 'previewed', operation: 'retention', tier: null } as const;
    expect(await operations.worker.alerting.listOperationRecords({ ...kind, limit: 1 })).toEqual([]);
  });

  it('says before it begins what it removes, and keeps that in its record', async () => {
    const { code, out } = await dr('backup', 'retention', '-e', 'sound');
    expect(code).toBe(0);
    expect(out.indexOf('remove  daily/backup-2025-10-29')).toBeGreaterThan(0);
    expect(out.indexOf('remove  daily/backup-2025-10-29')).toBeLessThan(out.indexOf('SUCCEEDED'));
    expect(flat(out)).toContain('retention at s3: kept 2, removed 1, the store refused 0');
    const { out: document } = await dr('backup', 'retention', '--json', '-e', 'sound');
    const record: unknown = JSON.parse(document);
    expect(record).toMatchObject({
      operation: 'retention',
      details: expect.arrayContaining([
        's3: removes daily/backup-2025-10-29.json.gz.enc (1.0 MB): older than the newest 30 daily ones',
        expect.stringMatching(/^s3: leaves daily\/backup-2025-10-28.*but locked until/),
      ]),
    });
  });

  it('removes nothing where one location cannot be looked at, and says why', async () => {
    const { code, out } = await dr('backup', 'retention', '-e', 'unlisted');
    expect(code).toBe(1);
    expect(flat(out)).toContain('s3: cannot be told, so nothing is removed');
    expect(flat(out)).toContain('The object store refused the listing.');
    expect(out).not.toContain('SUCCEEDED');
  });

  it('removes nothing while a recovery runs', async () => {
    const recovery = await operations.server.client.workflow.start('dataLoss', {
      workflowId: recoveryWorkflowId('being-recovered'),
      taskQueue: 'nobody-polls-here',
    });
    const { code, out } = await dr('backup', 'retention', '-e', 'being-recovered');
    await recovery.terminate();
    expect(code).toBe(2);
    expect(out).toContain('STOOD BACK  retention in being-recovered');
  });
});

describe('dr backup full-test', () => {
  it('tests everything in one record, and tells what restores took', async () => {
    const { code, out } = await dr('backup', 'full-test', '-e', 'sound', '--json');
    expect(code).toBe(0);
    const record = parseOperationRecord(JSON.parse(out));
    expect(record).toMatchObject({
      operation: 'full-test',
      outcome: 'succeeded',
      restores: [
        { from: 'local', ms: 8000 },
        { from: 's3', ms: 8000 },
      ],
    });
    const parts = new Set(record?.checks.map(({ name }) => name.split(': ')[0]));
    expect([...parts]).toEqual([
      'fresh backup',
      'validation',
      'restore from local',
      'restore from s3',
      'uploads',
      'configuration',
    ]);
  });

  it('goes on after what cannot be tested, and names it', async () => {
    const { code, out } = await dr('backup', 'full-test', '-e', 'unwilling');
    expect(code).toBe(1);
    expect(flat(out)).toContain('FAILED fresh backup: The object store refused the write.');
    expect(flat(out)).toContain('ok restore from s3: users: 250');
    expect(flat(out)).toContain('5 of 6 parts as they should be');
    expect(out).toContain('npx dr backup full-test --environment unwilling');
    const forgetful = await dr('backup', 'full-test', '-e', 'forgetful');
    expect(forgetful.code).toBe(1);
    expect(flat(forgetful.out)).toContain('FAILED configuration: configuration decrypts (s3): none');
  });
});

describe('the other operations', () => {
  it.each([
    [['backup', 'retention'], 'retention at s3: kept 2, removed 1'],
    [['backup', 'configuration'], 's3: unchanged'],
    [['uploads', 'sync'], '2 files (4.1 kB) of 12 copied, 10 unchanged'],
  ])('%s runs and tells what it did', async (words, found) => {
    const { code, out } = await dr(...words, '-e', 'sound');
    expect(code).toBe(0);
    expect(flat(out)).toContain(found);
    expect(out).toContain('Next:');
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  it('says who has the place where another run copies to, and does nothing', async () => {
    const hold = await operations.server.client.workflow.start('holdPlace', {
      taskQueue,
      workflowId: 'uploads-hold-busy-folder-s3-backup',
    });
    const { code, out } = await dr('uploads', 'sync', '-e', 'busy');
    expect(code).toBe(2);
    expect(out).toContain('STOOD BACK  uploads-sync in busy');
    expect(flat(out)).toContain('Because: Another run copies uploads at folder s3-backup;');
    expect(out).toContain('Next:\n  npx dr uploads sync --environment busy');
    await hold.signal('release');
    await hold.result();
    expect((await dr('uploads', 'sync', '-e', 'busy')).code).toBe(0);
  });

  it('waits with the full test for a copy that is under way', async () => {
    const hold = await operations.server.client.workflow.start('holdPlace', {
      taskQueue,
      workflowId: 'uploads-hold-tested-meanwhile-folder-s3-backup',
    });
    const test = dr('backup', 'full-test', '-e', 'tested-meanwhile', '--json');
    const query = 'DrEnvironment = "tested-meanwhile" AND DrScenario = "full-test"';
    await expect
      .poll(async () => {
        for await (const { workflowId } of operations.server.client.workflow.list({ query })) {
          const { events } = await operations.server.client.workflow.getHandle(workflowId).fetchHistory();
          return events?.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes != null);
        }
        return false;
      })
      .toBe(true);
    await hold.signal('release');
    const { code, out } = await test;
    expect(out).toContain('uploads: every file is in the copy');
    expect(code).toBe(0);
  });

  it('brings uploads back from a place to another, and tells what it left alone', async () => {
    const words = ['uploads', 'sync', '--from', 'copy', '--to', 'application', '-e', 'sound'];
    const { code, out } = await dr(...words);
    expect(code).toBe(0);
    expect(out).toContain('uploads-transfer in sound');
    expect(flat(out)).toContain('newer at the destination, left there: 1 photos/new.jpg');
    expect(flat(out)).toContain('only at the destination, left there: 60');
    expect(flat(out)).toContain('and 58 more');
  });

  it.each([
    [['--from', 'nowhere'], 'knows no place of uploads "nowhere"'],
    [['--to', 'application'], 'Source and destination are the same place.'],
    [['--to', 'second', '-e', 'no-second-store'], 'The destination cannot be used.'],
  ])('refuses the places %j with exit code 2, without record or alert', async (places, told) => {
    const environment = places.includes('-e') ? [] : ['-e', 'sound'];
    const { code, err } = await dr('uploads', 'sync', ...places, ...environment);
    expect(code).toBe(2);
    expect(flat(err)).toContain(told);
  });

  it('fails an upload sync that had to refuse a file', async () => {
    const { code, out } = await dr('uploads', 'sync', '-e', 'hostile');
    expect(code).toBe(1);
    expect(flat(out)).toContain('1 refused ../passwd: it leaves the folder');
  });
});
