import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ObjectStore } from '../../activities/adapters/s3/index.ts';
import { createIncidentActivities } from '../../activities/incidents/index.ts';
import type { Incident } from '../../workflows/contracts/monitoring.ts';
import { terminal } from '../client/peer/terminal.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { eventually } from './condition.ts';
import { intrude } from './intrusion.ts';
import { quickPolicy } from './production.ts';
import { Recovery } from './recovery.ts';
import { runOperation, takeBackup } from './run-operation.ts';
import { historyTexts, leaks, secretsOf } from './secrets.ts';
import {
  emptyStandby,
  healthAt,
  type StandbyProduction,
  startStandbyProduction,
} from './standby-production.ts';
import { customersServed } from './truth.ts';

let home: StandbyProduction;

beforeAll(async () => {
  home = await startStandbyProduction({
    policy: {
      ...quickPolicy,
      restore: { ...quickPolicy.restore, deadlineMs: 4_000 },
      security: { declareCookieSecret: true },
    },
  });
});
afterAll(async () => {
  home?.production.sandbox.supabase.faults.clear();
  await home?.stop();
});

/** What an intruder read in the application's configuration. */
const stolen = { COOKIE_SECRET: 'cookies-of-before', SUPABASE_SECRET_KEY: 'sb_secret_of_before' };

const inWords = (facts: readonly { readonly label: string; readonly value: string }[]) =>
  facts.map(({ label, value }) => `${label}: ${value}`).join('\n');

/** What the gate says of the exchange; the rest is of its own run. */
const exchangeIn = (facts: readonly { readonly label: string }[]) =>
  facts.slice(0, facts.findIndex(({ label }) => label === 'Not declared') + 1);

const openBreach: Incident = {
  environment: 'sandbox',
  id: '2026-01-01T00-00-00Z',
  openedAt: '2026-01-01T00:00:00Z',
  incidentAt: '2026-01-01T00:00:00Z',
  scenario: 'security-breach',
  alsoPossible: [],
  because: 'somebody logged in who must not',
  target: null,
  evidence: [],
  closedAt: null,
  ending: null,
};

describe('complete failure after a security breach whose restore never ends', () => {
  it('runs with no stolen secret, leaves to people what only a provider can exchange, and seals no old one again', async () => {
    const { production, standby } = home;
    const { sandbox } = production;
    const { environment } = sandbox;
    const configuration = environment['APPLICATION_CONFIGURATION_FILE'] ?? '';
    const lines = Object.entries(stolen).map(([name, value]) => `${name}=${value}\n`);
    await appendFile(configuration, `${lines.join('')}GREETING=hello\n`);
    await runOperation(sandbox, 'backUpConfiguration');
    const traffic = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
    const intruder = await intrude(environment['DATABASE_URL'] ?? '');
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await traffic.stop();

    const breach = await Recovery.launch(
      sandbox,
      {
        environment: 'sandbox',
        startedBy: 'oncall',
        reason: 'somebody logged in who must not',
        incidentAt: new Date().toISOString(),
        target: null,
      },
      'security-breach',
    );
    sandbox.supabase.faults.switchOn('stuck-restore');
    await breach.approve();
    const failed = await breach.asked('failed-step', 'restore-database');
    expect(inWords(failed.facts)).toMatch(
      /^NOT EXCHANGED: credentials: complete failure asks to exchange those that it takes over/m,
    );
    await breach.accepted('go-over', { decision: failed.id, reason: 'support needs until tomorrow' });
    const { workflow } = sandbox.temporal.environment.client;
    const { runId } = await eventually('complete failure goes on', async () => {
      const description = await workflow.getHandle(breach.workflowId).describe();
      return description.type === 'completeFailure' ? description : undefined;
    });
    await intruder.end().catch(() => undefined);

    const handedOver = breach.inRun(runId);
    const offered = await handedOver.asked('approval', 'rotate-standby-credentials');
    await handedOver.accepted('abort', { reason: 'nobody may approve it tonight' });
    expect(await handedOver.result()).toMatchObject({ outcome: 'left-fenced' });

    await emptyStandby(standby, sandbox.railway.applicationUrl);

    const oncall = terminal(sandbox.temporal.environment, { ...environment, DR_USER: 'oncall' });
    const byHandAgain = ['complete-failure', '--reason', 'still down'] as const;
    const unaware = await oncall.dr('plan', ...byHandAgain);
    expect(unaware.out.replace(/\s+/g, ' ')).toMatch(
      /warning: Credentials may be stolen: the recovery from a security breach of \S+ \S+ UTC did not end as recovered\. .* To exchange them: --credentials-stolen/,
    );
    const aware = await oncall.dr('plan', ...byHandAgain, '--credentials-stolen');
    expect(aware.out).not.toContain('may be stolen');
    expect(aware.out).toMatch(/credentials\s+stolen: exchanged, after an approval, before/);
    expect(aware.out).toContain('--credentials-stolen');
    const started = await oncall.dr(
      'start',
      ...byHandAgain,
      '--credentials-stolen',
      '--ignore-left-measures',
    );
    expect(started.code).toBe(0);

    const recovery = breach.inRun((await workflow.getHandle(breach.workflowId).describe()).runId);
    const gate = await recovery.asked('approval', 'rotate-standby-credentials');
    expect(exchangeIn(gate.facts)).toEqual(exchangeIn(offered.facts));
    const shown = inWords(gate.facts);
    expect(shown).toMatch(/^cookie-secret: application-variable: exchanged here$/m);
    expect(shown).toMatch(/^service-key: api-key: only its provider can; NOT taken over/m);
    expect(shown).toMatch(/^LEFT OUT: SUPABASE_SECRET_KEY: /m);
    expect(await healthAt(standby.applicationUrl)).toBeNull();
    const changesBefore = [sandbox.supabase, sandbox.railway].map(({ calls }) => calls.writes().length);
    await recovery.accepted('approve', recovery.approvalOf(gate));
    const byHand = await recovery.asked('manual-step', 'rotate-standby-by-hand');
    expect(byHand.facts.map(({ label }) => label).slice(0, 5)).toEqual([
      'database-administrator',
      'database-application',
      'service-key',
      'user-tokens',
      'object-store',
    ]);
    expect(await healthAt(standby.applicationUrl)).toBeNull();
    await recovery.accepted('confirm', { decision: byHand.id, reason: 'noted for the day it answers' });

    const switchGate = await recovery.asked('approval', 'switch-over');
    const atSwitch = inWords(switchGate.facts);
    expect(atSwitch).toMatch(
      /^NOT EXCHANGED: database-administrator, .*user-tokens, object-store: left to a/m,
    );
    expect(atSwitch).toMatch(/^Runs without: SUPABASE_SECRET_KEY$/m);
    const running = await recovery.status();
    const proof = running.steps.find(({ id }) => id === 'prove-standby-credentials');
    expect(proof).toMatchObject({
      state: 'done',
      summary: expect.stringMatching(/^cookie-secret: old refused, new accepted/),
    });
    await recovery.accepted('approve', recovery.approvalOf(switchGate));
    const last = await recovery.asked('manual-step', 'keep-old-production-stopped');
    await recovery.accepted('confirm', { decision: last.id, reason: 'support was told' });
    expect(await recovery.result()).toMatchObject({ outcome: 'recovered', status: { measures: [] } });
    expect(await healthAt(standby.frontDoor.url)).toBe(200);
    expect([sandbox.supabase, sandbox.railway].map(({ calls }) => calls.writes().length)).toEqual(
      changesBefore,
    );

    const after = await oncall.dr('plan', ...byHandAgain);
    expect(after.out).toContain('Plan: Complete failure');
    expect(after.out).not.toContain('may be stolen');
    const { s3 } = sandbox;
    const store = createS3ObjectStore({ ...s3, bucket: environment['S3_BUCKET'] ?? '' });
    await createIncidentActivities({ store }).writeMonitoredIncident(openBreach);
    store.close();
    const suspected = await oncall.dr('plan', ...byHandAgain);
    expect(suspected.out.replace(/\s+/g, ' ')).toContain(
      'warning: Credentials may be stolen: the monitor has an open incident, a security breach of 2026-01-01 00:00',
    );

    const file = await readFile(join(environment['BACKUP_FOLDER'] ?? '', '.standby', 'standby.env'), 'utf8');
    const { DATABASE_URL = '', COOKIE_SECRET = '', ...others } = parse(file);
    expect(new URL(DATABASE_URL).port).toBe(new URL(standby.environment['STANDBY_DATABASE_URL'] ?? '').port);
    expect(COOKIE_SECRET).toMatch(/^[\w-]{43}$/);
    expect(others).toEqual({ PORT: '8080', VENDHUB_VERSION: 'v2', GREETING: 'hello' });

    // The file on the worker still holds the old ones.
    await expect(runOperation(sandbox, 'backUpConfiguration')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('holds secrets that were exchanged: COOKIE_SECRET') },
    });
    const secrets = new Map([
      ...secretsOf(sandbox),
      ...Object.entries(stolen),
      ['the new cookie secret', COOKIE_SECRET] as const,
    ]);
    for (const run of [breach, handedOver, recovery]) {
      expect(leaks(historyTexts(await run.handle.fetchHistory()).join('\n'), secrets)).toEqual([]);
    }
    expect(leaks(await production.workerLog(), secrets)).toEqual([]);
    expect(leaks(JSON.stringify(sandbox.smtp.messages()), secrets)).toEqual([]);
  });
});
