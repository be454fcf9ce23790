import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createS3ObjectStore, type S3ObjectStore } from '../../activities/adapters/s3/index.ts';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { startProduction, type TestProduction } from './production.ts';
import { asSuperuser, nextTransaction, stillDatabase } from './truth.ts';

const reportSchema = z.object({
  provider: z.object({ project: z.string(), region: z.string(), redundancy: z.string() }),
  items: z.array(
    z.object({ item: z.string(), state: z.string(), found: z.string(), todo: z.array(z.string()) }),
  ),
});

const reviewsSchema = z.array(
  z.object({
    name: z.string(),
    open: z.object({ questions: z.array(z.object({ item: z.string() })) }).nullable(),
  }),
);

const attestationSchema = z.object({ at: z.string(), validUntil: z.string() });

const dayMs = 24 * 3_600_000;

const recordSchema = z.object({
  outcome: z.string(),
  checks: z.array(
    z.object({
      name: z.string(),
      passed: z.boolean(),
      advisory: z.boolean().default(false),
      found: z.string(),
    }),
  ),
});

let production: TestProduction;
let oncall: Terminal;
let store: S3ObjectStore;

beforeAll(async () => {
  production = await startProduction();
  const { temporal, environment, s3, railway } = production.sandbox;
  oncall = terminal(temporal.environment, { ...environment, DR_USER: 'oncall' });
  store = createS3ObjectStore({ ...s3, bucket: 'vendhub-dr' });
  const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
  await eventually('a few sales', () => traffic.totals().acknowledged > 20 || undefined);
  await traffic.stop();
  await stillDatabase(production.sandbox);
  await eventually(
    'a restore window',
    async () => (await production.sandbox.postgres.restoreWindow()) ?? undefined,
  );
});
afterAll(async () => {
  store?.close();
  await production?.stop();
});

async function examine(...options: string[]) {
  const { code, out, err } = await oncall.dr('doctor', '--json', ...options);
  expect(err).toBe('');
  const { provider, items } = reportSchema.parse(JSON.parse(out));
  const inState = (state: string) => items.filter((item) => item.state === state).map(({ item }) => item);
  return {
    code,
    provider,
    failed: inState('failed'),
    unknown: inState('unknown'),
    item: (name: string) => {
      const found = items.find(({ item }) => item === name);
      if (found === undefined) throw new Error(`The doctor has no item ${name}.`);
      return found;
    },
  };
}

async function done(...argv: string[]): Promise<void> {
  expect(await oncall.dr(...argv)).toMatchObject({ code: 0, err: '' });
}

async function reviewNamed(name: string) {
  const { out } = await oncall.dr('review', '--json');
  return reviewsSchema.parse(JSON.parse(out)).find((review) => review.name === name);
}

/** Would fail for what the tests take away, and be told; or would run beside the same that a test starts. */
const disturbed = [
  'provider-check',
  'backup-daily',
  'backup-recent',
  'backup-validation',
  'retention',
  'restore-test',
  'full-test',
  'drill',
];
/** Longer than these tests take. */
const quietMs = 4 * 60_000;
const longestWaitForScheduleMs = 2 * quietMs;

async function quietSchedules(): Promise<true | undefined> {
  const { schedule } = production.sandbox.temporal.environment.client;
  for (const id of disturbed) {
    const { info } = await schedule.getHandle(`sandbox-${id}`).describe();
    const [next] = info.nextActionTimes;
    if (info.runningActions.length > 0) return undefined;
    if (next !== undefined && next.getTime() < Date.now() + quietMs) return undefined;
  }
  return true;
}

/** Begins a review, answers what it asks, and waits for its end. */
async function carryOutReview(name: string): Promise<void> {
  await done('review', 'start', name);
  const open = await eventually(`${name} is open`, async () => (await reviewNamed(name))?.open ?? undefined);
  for (const { item } of open.questions) await done('attest', item, '--note', 'seen', '--as', 'admin');
  const [key = ''] = await eventually(`${name} has ended`, async () => {
    const keys = (await store.list(`operations/sandbox/${name}/`)).map((listed) => listed.key);
    return keys.some((each) => each.endsWith('.json'))
      ? keys.filter((each) => each.endsWith('.json'))
      : undefined;
  });
  const { outcome, checks } = recordSchema.parse(JSON.parse((await store.getText(key)) ?? ''));
  expect(checks.filter(({ passed, advisory }) => !passed && !advisory)).toEqual([]);
  expect(outcome).toBe('succeeded');
}

describe('dr doctor on a production that nobody has looked after', () => {
  it('says of each item what is missing, and the command that mends it', async () => {
    const { code, failed, unknown, item } = await examine();
    expect(code).toBe(1);
    expect(unknown).toEqual([]);
    expect(item('Daily backup schedule set')).toMatchObject({
      found: 'backup-daily is not in Temporal',
      todo: ['npx dr schedules apply --environment sandbox'],
    });
    expect(item('Restore procedure tested')).toMatchObject({
      found: 'overdue: never done',
      todo: ['npx dr backup test-restore --environment sandbox'],
    });
    expect(item('Backup key opens the newest backup').found).toContain('s3: no backup');
    expect(item('Team trained on recovery')).toMatchObject({
      found: expect.stringMatching(/^nobody has attested it: Everybody who is on call/),
      todo: ['npx dr attest team-trained --note TEXT --environment sandbox'],
    });
    expect(failed).toEqual([
      'Daily backup schedule set',
      'Backup validation script created',
      'Restore procedure tested',
      'Recovery plan documented',
      'Team trained on recovery',
      'Monitoring configured',
      'DR drill scheduled',
      'Daily backup verification',
      'Weekly restore tests',
      'Monthly DR drills',
      'Quarterly security audit',
      'Annual recovery plan review',
      'Schedules as the policy says',
      'What does not run is noticed',
      'Backup key opens the newest backup',
      'RPO of complete failure',
    ]);
    expect(item('Verified by a drill: data-loss')).toMatchObject({
      state: 'attention',
      found: 'never drilled',
      todo: ['npx dr drill data-loss --environment sandbox'],
    });
  });

  it('changes nothing in production', async () => {
    const { supabase, railway } = production.sandbox;
    const writes = () => supabase.calls.writes().length + railway.calls.writes().length;
    const before = { writes: writes(), transaction: await nextTransaction(production.sandbox) };
    await examine();
    expect({ writes: writes(), transaction: await nextTransaction(production.sandbox) }).toEqual(before);
    expect(await store.list('doctor/')).toEqual([]);
  });
});

describe('dr attest', () => {
  it('refuses other items, other people and longer than the policy lets it, and stores nothing', async () => {
    for (const [argv, why] of [
      [['nonsense', '--note', 'x'], /nothing called "nonsense".*\n.*\n.*team-trained/],
      [['team-trained', '--note', 'x', '--as', 'mallory'], /mallory is not in the policy/],
      [['team-trained', '--note', 'x', '--valid-days', '184'], /cannot be attested for 184 days/],
    ] as const) {
      const { code, err } = await oncall.dr('attest', ...argv);
      expect(code).toBe(2);
      expect(err).toMatch(why);
    }
    expect(await store.list('attestations/')).toEqual([]);
  });

  it('counts until it expires, and says by whom and until when', async () => {
    const at = new Date(Date.now() - 200 * dayMs).toISOString();
    const attestation = {
      formatVersion: 1,
      item: 'team-trained',
      environment: 'sandbox',
      by: 'admin',
      note: 'all four, in spring',
      at,
      validUntil: new Date(Date.now() + 200 * dayMs).toISOString(),
      workflowId: 'attest-sandbox-earlier',
      runId: 'r',
    };
    const key = `attestations/sandbox/team-trained/${at}-r.json`;
    await store.putText(key, JSON.stringify(attestation), 'application/json');
    const expired = (await examine()).item('Team trained on recovery');
    expect(expired.state).toBe('failed');
    expect(expired.found).toMatch(/attested by admin .*, expired \d{4}-\d\d-\d\d: all four, in spring/);

    const { code, out } = await oncall.dr(
      'attest',
      'team-trained',
      '--note',
      'all four',
      '--valid-days',
      '5',
    );
    expect(code).toBe(0);
    const stored = (await store.list('attestations/sandbox/team-trained/')).filter(
      (each) => each.key !== key,
    );
    const given = attestationSchema.parse(JSON.parse((await store.getText(stored[0]?.key ?? '')) ?? ''));
    expect(Date.parse(given.validUntil) - Date.parse(given.at)).toBe(5 * dayMs);
    const until = given.validUntil.slice(0, 10);
    expect(out).toContain(`valid until  ${until}`);
    expect((await examine()).item('Team trained on recovery')).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(new RegExp(`by oncall \\(identity not verified\\) .*${until}: all four$`)),
      todo: [],
    });
  });
});

describe('dr doctor on a production that was looked after', () => {
  const undo: (() => unknown)[] = [];
  afterEach(async () => {
    for (const each of undo.splice(0)) await each();
  });

  beforeAll(async () => {
    await done('schedules', 'apply');
    await eventually(
      'no schedule is about to begin what the tests below disturb',
      quietSchedules,
      longestWaitForScheduleMs,
      1_000,
    );
    await done('backup', '--tier', 'daily');
    await done('backup');
    await done('backup', 'validate');
    await done('backup', 'test-restore');
    for (const item of ['recovery-plan-documented', 'team-trained', 'provider-redundancy']) {
      await done('attest', item, '--note', 'seen', '--as', 'admin');
    }
    // What the tests below break must not be recovered by it.
    await done('monitor', 'start');
    await silence();
    await done('drill', 'application-crash', '--simulate-approvals');
    await carryOutReview('security-audit');
    await carryOutReview('plan-review');
  }, 2 * longestWaitForScheduleMs);

  const silence = () => done('monitor', 'silence', '--for', '2h', '--reason', 'the doctor is tested');

  it('finds nothing wrong once it is drilled, reviewed and watched, and exits with 0', async () => {
    await done('monitor', 'unsilence', '--reason', 'all is well');
    undo.push(silence);
    const { code, failed, unknown, provider, item } = await examine();
    expect({ failed, unknown, code }).toEqual({ failed: [], unknown: [], code: 0 });
    expect(item('Monitoring configured')).toMatchObject({ state: 'ok' });
    expect(item('Verified by a drill: application-crash')).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(/^verified \(sandbox\) until .*nothing changed since$/),
    });
    expect(item('Quarterly security audit').found).toMatch(
      /security-audit runs next .*5 of 5 questions answered/,
    );
    expect(provider).toMatchObject({ region: 'local', redundancy: 'seen' });
    expect(item('RPO of complete failure').found).toMatch(/^30 min .* interval 30 min 00 s and duration/);
    expect(item('Backup key opens the newest backup').found).toMatch(
      /s3-second: .*decrypted to its last row/,
    );
  });

  it('says who silenced the monitor', async () => {
    expect((await examine()).item('Monitoring configured')).toMatchObject({
      state: 'attention',
      found: expect.stringMatching(/silenced by oncall until .*: the doctor is tested$/),
    });
  });

  it('does not take a scenario for verified any more when the schema has changed since its drill', async () => {
    await asSuperuser(production.sandbox, (client) => client.query('CREATE TABLE public.refunds (id int)'));
    undo.push(() => asSuperuser(production.sandbox, (client) => client.query('DROP TABLE public.refunds')));
    const name = 'Verified by a drill: application-crash';
    expect((await examine()).item(name)).toMatchObject({
      state: 'attention',
      found: expect.stringMatching(/^needs verification: .*; changed since: schema: public\.refunds$/),
      todo: ['npx dr drill application-crash --environment sandbox'],
    });
  });

  it('fits 80 columns and keeps a command to copy in one piece', async () => {
    const { out } = await oncall.dr('doctor');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toMatch(/^\d+ items: \d+ ok, \d+ attention, 0 failed, 0 unknown$/m);
  });

  it('sends a test alert only when it is told to', async () => {
    const tests = () =>
      production.sandbox.smtp.messages().filter(({ subject }) => subject.startsWith('TEST: '));
    expect(tests()).toEqual([]);
    const { item } = await examine('--send-test-alert');
    expect(item('Alerts configured').found).toContain('took a test mail');
    expect(tests()).toMatchObject([{ to: ['admin@vendhub.local'], text: expect.stringContaining('oncall') }]);
  });

  it('sees a schedule that was paused', async () => {
    const { schedule } = production.sandbox.temporal.environment.client;
    const handle = schedule.getHandle('sandbox-backup-daily');
    await handle.pause('by hand');
    undo.push(() => handle.unpause());
    const { failed, item } = await examine();
    expect(failed).toEqual(['Daily backup schedule set', 'Schedules as the policy says']);
    expect(item('Daily backup schedule set').found).toBe('backup-daily is paused');
  });

  it('sees a mail server that is away', async () => {
    await production.sandbox.smtp.setDown(true);
    undo.push(() => production.sandbox.smtp.setDown(false));
    expect((await examine()).failed).toEqual(['Alerts configured']);
  });

  it('sees that point-in-time recovery is off although daily backups are listed', async () => {
    const { faults } = production.sandbox.supabase;
    faults.switchOn('pitr-disabled');
    undo.push(() => faults.switchOff('pitr-disabled'));
    const { failed, item } = await examine();
    expect(failed).toEqual(['PITR enabled']);
    expect(item('PITR enabled').found).toBe('not enabled');
  });

  it('calls unknown what a refused token hides, and looks at everything else', async () => {
    const { faults } = production.sandbox.supabase;
    faults.set('*', { kind: 'answer', status: 401, body: '{"message":"Unauthorized"}' });
    undo.push(() => faults.clear());
    const { code, failed, unknown, provider, item } = await examine();
    expect(code).toBe(1);
    expect(failed).toEqual(['Database platform answers']);
    expect(unknown).toEqual([
      'Supabase backups configured',
      'PITR enabled',
      'Verified by a drill: application-crash',
      'RPO that the provider can keep',
      'Provider region and redundancy',
    ]);
    expect(provider).toMatchObject({ project: 'unknown', region: 'unknown' });
    expect(item('PITR enabled').todo).toHaveLength(1);
  });

  it('sees an application platform that refuses its token', async () => {
    const { faults } = production.sandbox.railway;
    faults.set('*', { kind: 'answer', status: 401 });
    undo.push(() => faults.clear());
    const { failed, unknown } = await examine();
    expect(failed).toEqual(['Application platform answers']);
    expect(unknown).toEqual(['A deployment to roll back to']);
  });

  it('sees a database that lets nobody in', async () => {
    const { postgres } = production.sandbox;
    const before = postgres.networkRestrictions();
    await postgres.setNetworkRestrictions(['10.0.0.0/8']);
    undo.push(() => postgres.setNetworkRestrictions(before));
    const { failed, unknown } = await examine();
    expect(failed).toContain('Database reachable');
    expect(unknown).toEqual([
      'Verified by a drill: application-crash',
      'PostgreSQL programs fit the database',
      'Commit times are recorded',
      'The fence lets the worker in',
      'Clock of the database',
    ]);
  });

  it('sees an application that is down', async () => {
    const { service } = production.sandbox.railway;
    const active = service.active();
    if (active === undefined) throw new Error('No deployment runs.');
    service.stop(active.id);
    await service.settled();
    undo.push(async () => {
      service.redeploy(active.id, true);
      await service.settled();
    });
    const { failed, item } = await examine();
    expect(failed).toEqual(['Monitoring configured', 'Application platform answers']);
    expect(item('Monitoring configured').found).toContain('HTTP 502');
  });

  it('sees a backup that was altered, and where', async () => {
    const newest = (await store.list('recent/'))
      .filter(({ key }) => key.endsWith('.enc'))
      .toSorted((a, b) => a.key.localeCompare(b.key))
      .at(-1);
    if (newest === undefined) throw new Error('There is no backup.');
    await store.putText(newest.key, 'something else', 'application/octet-stream');
    const { failed, item } = await examine();
    expect(failed).toEqual(['Backup key opens the newest backup']);
    expect(item('Backup key opens the newest backup').found).toMatch(/^s3: /);
  });

  it('sees an address for alerts that the mail server refuses', async () => {
    production.sandbox.smtp.refuseAddress('admin@vendhub.local');
    const { failed } = await examine('--send-test-alert');
    expect(failed).toContain('Alerts configured');
  });
});
