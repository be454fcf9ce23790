import { setTimeout as delay } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../activities/adapters/postgres/index.ts';
import { createS3ObjectStore } from '../../activities/adapters/s3/index.ts';
import { createMarkerWriter } from '../../activities/marker/index.ts';
import type { RecoveryMarker } from '../../workflows/contracts/marker.ts';
import type { SandboxProduction } from '../sandbox/index.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { historyTexts, leaks, secretsOf } from './secrets.ts';
import { asSuperuser, customersServed, damage, deviation, exact, promised, trueLoss } from './truth.ts';

let production: TestProduction;

beforeAll(async () => {
  production = await startProduction();
});
afterEach(() => production.endRun());
afterAll(() => production.stop());

/** Gives the application a new password, as a rotation does. */
async function rotatePassword({ sandbox }: TestProduction): Promise<string> {
  const password = `rotated-${crypto.randomUUID()}`;
  const url = new URL(sandbox.railway.service.variables['DATABASE_URL'] ?? '');
  url.password = password;
  await asSuperuser(sandbox, (client) =>
    client.query(`ALTER ROLE vendhub_app PASSWORD ${escapeLiteral(password)}`),
  );
  sandbox.railway.service.setVariable('DATABASE_URL', url.href, false);
  await sandbox.railway.service.settled();
  return password;
}

/** When the application was last seen down, by probes of the test's own. */
function watchFromOutside(applicationUrl: string) {
  let lastDownAt = 0;
  let stopped = false;
  const watching = eventually(
    'the end of the watch',
    async () => {
      const askedAt = Date.now();
      const healthy = await fetch(`${applicationUrl}/health`, { signal: AbortSignal.timeout(5_000) }).then(
        (answer) => answer.ok,
        () => false,
      );
      // An answer may be late: it tells of a moment after the question.
      if (!healthy) lastDownAt = askedAt;
      return stopped || undefined;
    },
    300_000,
  );
  return {
    async stop() {
      stopped = true;
      await watching;
      return lastDownAt;
    },
  };
}

/** Writes recovery markers as a monitor does; nobody looks at production beside. */
function startMarking(sandbox: SandboxProduction, everyMs: number) {
  const store = createS3ObjectStore({ ...sandbox.s3, bucket: sandbox.environment['S3_BUCKET'] ?? '' });
  const write = createMarkerWriter({
    database: createPostgresDatabase({ connectionString: sandbox.environment['DATABASE_URL'] ?? '' }),
    store,
    registry: { recoveryOf: async () => null },
    environment: 'sandbox',
    everyMs,
  });
  const markers: RecoveryMarker[] = [];
  const enough = new AbortController();
  const marking = (async () => {
    while (!enough.signal.aborted) {
      const dueAt = Date.now() + everyMs;
      const writing = await write();
      if (writing.kind === 'written') markers.push(writing.marker);
      await delay(Math.max(0, dueAt - Date.now()), null, { signal: enough.signal }).catch(() => null);
    }
  })();
  return {
    markers,
    async stop() {
      enough.abort();
      await marking;
      store.close();
    },
    longestIntervalMs: () =>
      Math.max(
        ...markers.map(({ writtenAt }, index) => {
          const before = markers[index - 1]?.writtenAt ?? writtenAt;
          return Date.parse(writtenAt) - Date.parse(before);
        }),
      ),
  };
}

/** When somebody bought something last, or a purchase was handed out. */
function newestSaleAt(sandbox: SandboxProduction): Promise<string> {
  return asSuperuser(sandbox, async (client) => {
    const { rows } = await client.query<{ at: Date }>(`SELECT max(at) AS at FROM (
      SELECT pg_xact_commit_timestamp(xmin) AS at FROM public.sales UNION ALL
      SELECT pg_xact_commit_timestamp(xmin) FROM public.dispense_jobs) AS commits`);
    return rows[0]?.at.toISOString() ?? '';
  });
}

describe('a recovery from data loss under live traffic', () => {
  it('brings back every row that was committed before the target and none after', async () => {
    const { sandbox } = production;
    const { smtp, railway } = sandbox;
    const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
    const secretsBefore = secretsOf(sandbox);
    await customersServed(traffic, sandbox);
    const incident = await damage(sandbox);
    const password = await rotatePassword(production);
    await customersServed(traffic, sandbox);

    const recovery = await Recovery.start(sandbox, {
      target: { kind: 'just-before', moment: incident.moment },
      incidentAt: incident.moment,
    });
    const gate = await recovery.asked('approval', 'restore-database');
    const loss = await trueLoss(sandbox, incident);
    expect(sandbox.supabase.calls.all('restore-pitr')).toEqual([]);
    expect(Object.fromEntries(gate.facts.map(({ label, value }) => [label, value]))).toMatchObject({
      Target: expect.stringContaining(new Date(incident.targetUnix * 1000).toISOString().slice(11, 19)),
      'Safety copy': expect.stringContaining('verified'),
      'public.sales': expect.stringContaining(`${loss.present} rows now, discards ${loss.discarded} `),
    });

    const outside = watchFromOutside(railway.applicationUrl);
    await recovery.accepted('approve', recovery.approvalOf(gate));
    await recovery.confirm();
    const userGate = await recovery.asked('approval', 'tell-users');
    const lastDownAt = await outside.stop();
    const userMails = () => smtp.messages().filter(({ to }) => to.some((address) => /^user\d/.test(address)));
    expect(userMails()).toEqual([]);
    await recovery.accepted('approve', recovery.approvalOf(userGate));
    const report = await recovery.result();

    const restoredAt = report.status.steps.find(({ id }) => id === 'restore-database')?.finishedAt ?? '';
    expect(await deviation(sandbox, incident, restoredAt)).toEqual(exact);
    expect(incident.kept.size).toBeGreaterThan(5_000);
    expect(sandbox.supabase.calls.all('restore-pitr')).toHaveLength(1);

    expect(report.outcome).toBe('recovered');
    expect(report.tables.find(({ table }) => table === 'public.sales')).toEqual({
      table: 'public.sales',
      before: loss.present,
      discarded: loss.discarded,
      broughtBack: loss.broughtBack,
      after: incident.kept.size,
    });
    expect(report.discardedWindow).toEqual({
      from: incident.newestKept,
      to: loss.newestCommitAt,
      ms: Date.parse(loss.newestCommitAt) - Date.parse(incident.newestKept),
    });
    expect(report.rpo.measuredMs).toBe(Date.parse(incident.moment) - Date.parse(incident.newestKept));
    const healthyAgainAt = Date.parse(incident.moment) + (report.rto.measuredMs ?? 0);
    expect(healthyAgainAt).toBeGreaterThanOrEqual(lastDownAt - 1_000);
    expect(healthyAgainAt).toBeLessThanOrEqual(Date.parse(report.finishedAt));
    expect(report.rto.met).toBe(true);

    expect(userMails()).toHaveLength(3);
    expect(smtp.messages().map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([
        '[sandbox] Data loss: recovery started',
        '[sandbox] Data loss: your approval is needed',
        '[sandbox] The application is healthy again',
        '[sandbox] Data loss: recovered',
      ]),
    );

    expect(report.reconciliation?.items).toContainEqual(
      expect.objectContaining({
        what: 'password of role vendhub_app',
        mended: expect.stringContaining('the login works'),
      }),
    );
    expect(new URL(railway.service.variables['DATABASE_URL'] ?? '').password).toBe(password);
    const { acknowledged } = traffic.totals();
    await eventually(
      'sales after the recovery',
      () => traffic.totals().acknowledged > acknowledged || undefined,
    );

    const { sales } = await traffic.stop();
    const promises = promised(sales, incident);
    expect(promises.length).toBeGreaterThan(0);
    expect(promises.filter((receipt) => !incident.kept.has(receipt))).toEqual([]);

    const secrets = new Map([
      ...secretsOf(sandbox),
      ...[...secretsBefore].map(([name, value]) => [`${name}, before`, value] as const),
    ]);
    const history = historyTexts(await recovery.handle.fetchHistory());
    expect(history.join('\n')).toContain('sendRestoreRequest');
    expect(leaks(history.join('\n'), secrets)).toEqual([]);
    expect(leaks(await production.workerLog(), secrets)).toEqual([]);
    expect(leaks(JSON.stringify(smtp.messages()), secrets)).toEqual([]);
    expect(leaks(JSON.stringify(report), secrets)).toEqual([]);
    const { s3 } = sandbox;
    const store = createS3ObjectStore({ ...s3, bucket: sandbox.environment['S3_BUCKET'] ?? '' });
    try {
      for (const key of report.storedAt) {
        const stored = await store.getText(key);
        expect(stored).toContain('data');
        expect(leaks(stored ?? '', secrets)).toEqual([]);
      }
      expect(report.storedAt.map((key) => key.replace(/^.*\./, ''))).toEqual(['md', 'html', 'json']);
      expect(report.improvements.map(({ kind }) => kind)).toContain('slowest-step');
    } finally {
      store.close();
    }
  });

  it('works a second time, and on-call may choose a later target once the data was seen', async () => {
    const { sandbox } = production;
    const requestsBefore = sandbox.supabase.calls.all('restore-pitr').length;
    const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
    await customersServed(traffic, sandbox);
    const tooEarly = Math.floor(Date.now() / 1000) - 1;
    await customersServed(traffic, sandbox);
    const incident = await damage(sandbox);

    const recovery = await Recovery.start(sandbox, {
      target: { kind: 'at', moment: new Date(tooEarly * 1000).toISOString() },
      incidentAt: incident.moment,
    });
    const first = await recovery.asked('approval', 'restore-database');
    const loss = await trueLoss(sandbox, incident);
    await recovery.accepted('approve', recovery.approvalOf(first));
    const look = await recovery.asked('manual-step', 'confirm-restored-data');
    expect((await deviation(sandbox, incident, '1970-01-01T00:00:00Z')).missing.length).toBeGreaterThan(0);
    await recovery.accepted('replan', {
      decision: look.id,
      reason: 'sales of the last seconds are missing',
      target: { kind: 'just-before', moment: incident.moment },
    });
    const second = await recovery.approve();
    expect(second.digest).not.toBe(first.digest);
    const report = await recovery.finishAfterRestore();
    const { sales } = await traffic.stop();

    expect(report).toMatchObject({ outcome: 'recovered', status: { revision: 2 } });
    const restoredAt = report.status.steps.find(({ id }) => id === 'restore-database')?.finishedAt ?? '';
    expect(await deviation(sandbox, incident, restoredAt)).toEqual(exact);
    expect(promised(sales, incident).filter((receipt) => !incident.kept.has(receipt))).toEqual([]);
    expect(sandbox.supabase.calls.all('restore-pitr')).toHaveLength(requestsBefore + 2);
    expect(report.discardedWindow).toMatchObject({ from: incident.newestKept, to: loss.newestCommitAt });
  });

  it('tells to the interval of the recovery marker what came back, although nobody bought anything', async () => {
    const { sandbox } = production;
    const marking = startMarking(sandbox, 500);
    await eventually('two quiet seconds', async () => {
      const quietSince = await newestSaleAt(sandbox);
      const marker = marking.markers.at(-1);
      return marker !== undefined && Date.parse(marker.writtenAt) - Date.parse(quietSince) > 2_000
        ? marker
        : undefined;
    });
    const incident = await damage(sandbox);
    await marking.stop();

    const recovery = await Recovery.start(sandbox, {
      target: { kind: 'just-before', moment: incident.moment },
      incidentAt: incident.moment,
    });
    await recovery.approve();
    const report = await recovery.finishAfterRestore();

    const { recoveredTo, rpo } = report;
    expect(recoveredTo).toMatchObject({ by: 'recovery-marker', markerEveryMs: 500 });
    const back = marking.markers.find(({ writtenAt }) => writtenAt === recoveredTo?.at);
    expect(report.verification?.marker).toEqual(back);
    const trueMs = Date.parse(incident.moment) - incident.targetUnix * 1000;
    expect(rpo.measuredMs).toBeGreaterThanOrEqual(trueMs);
    expect(rpo.measuredMs).toBeLessThanOrEqual(trueMs + marking.longestIntervalMs());
    expect(rpo.basis).toBe('from the recovery marker (every 500 ms) to the last good moment');
    // By commits alone it would be the quiet seconds as well.
    expect(Date.parse(report.verification?.newestCommitAt ?? '')).toBeLessThan(
      Date.parse(recoveredTo?.at ?? ''),
    );
  });
});
