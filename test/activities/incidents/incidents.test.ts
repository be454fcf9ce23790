import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore, type FolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { createIncidentActivities, type IncidentActivities } from '../../../activities/incidents/index.ts';
import { policy } from '../../../worker/policy.ts';
import type { Incident } from '../../../workflows/contracts/monitoring.ts';
import { failureOf } from '../failure-of.ts';

const receivedAt = '2025-11-29T03:00:00.000Z';

let root: string;
let store: FolderStore;
let incidents: IncidentActivities;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dr-incidents-'));
  store = createFolderStore({ root });
  incidents = createIncidentActivities({ store });
});
afterAll(() => rm(root, { recursive: true }));

const incidentOf = (environment: string, id: string, ending: Incident['ending'] = null): Incident => ({
  environment,
  id,
  openedAt: receivedAt,
  incidentAt: receivedAt,
  scenario: 'data-loss',
  alsoPossible: ['application-crash'],
  because: 'Rows are missing.',
  target: { kind: 'just-before', moment: receivedAt },
  evidence: [
    {
      signal: 'missing-records',
      scenario: 'data-loss',
      since: receivedAt,
      lastGoodAt: null,
      found: '7 rows are missing',
      expected: 'none',
      unreachable: ['database'],
    },
  ],
  closedAt: ending === null ? null : receivedAt,
  ending,
});

describe('what the monitor leaves behind', () => {
  it('is the newest incident while it is open, and the silence', async () => {
    const environment = 'kept';
    expect(await incidents.readStoredWatch({ environment })).toEqual({ incident: null, silence: null });
    const open = incidentOf(environment, '2025-11-29T03-00-00-000Z-data-loss');
    await incidents.writeMonitoredIncident(incidentOf(environment, '2025-11-28T03-00-00-000Z-data-loss'));
    await incidents.writeMonitoredIncident(open);
    const silence = { by: 'anna', reason: 'works', from: receivedAt, until: receivedAt };
    await incidents.writeSilence({ environment, silence });
    expect(await incidents.readStoredWatch({ environment })).toEqual({ incident: open, silence });
    await incidents.writeMonitoredIncident({ ...open, closedAt: receivedAt, ending: 'recovered' });
    await incidents.writeSilence({ environment, silence: null });
    expect(await incidents.readStoredWatch({ environment })).toEqual({ incident: null, silence: null });
  });

  it('is passed over where it cannot be read, or is that of another environment', async () => {
    await incidents.writeMonitoredIncident(incidentOf('torn', 'a'));
    await writeFile(join(root, 'monitor/torn/incidents/a.json'), '{"environment":"torn"');
    await store.putText('silences/torn.json', '{}', 'application/json');
    expect(await incidents.readStoredWatch({ environment: 'torn' })).toEqual({
      incident: null,
      silence: null,
    });
  });

  it('stays in its folder', async () => {
    const outside = [incidentOf('../other', 'a'), incidentOf('kept', '../a')];
    for (const incident of outside) {
      const failure = await failureOf(incidents.writeMonitoredIncident(incident));
      expect(failure).toMatchObject({ type: 'input-invalid', retried: false });
    }
  });
});

describe('an order to the monitor', () => {
  const judge = (order: unknown) => incidents.judgeOrder({ order, id: 'by-us', receivedAt, policy });
  const by = policy.people[0]?.name ?? '';
  const report = { id: 'r', kind: 'report', by, reason: 'seen', through: 'user-report' } as const;

  it('that cannot be read is refused under the id by which it was received', async () => {
    for (const order of [null, 'stop', {}, { kind: 'stop' }, { ...report, kind: 'destroy' }]) {
      expect(await judge(order)).toMatchObject({ id: 'by-us', accepted: false });
    }
  });

  it('to be silent names until when, within a day', async () => {
    const silence = { id: 's', kind: 'silence', by, reason: 'works' };
    expect(await judge({ ...silence, until: '2025-11-29T06:00:00+01:00' })).toMatchObject({
      accepted: true,
      silence: { by, reason: 'works', from: receivedAt, until: '2025-11-29T05:00:00.000Z' },
    });
    for (const until of ['2025-11-29T02:59:59Z', '2025-11-30T03:00:01Z', '2025-11-29T05:00:00']) {
      expect(await judge({ ...silence, until })).toMatchObject({ accepted: false });
    }
  });

  it('is a report for the runbook that its signal speaks for, unless it names another', async () => {
    const bySignal = await judge({ ...report, signal: 'missing-records', scenario: null, since: null });
    expect(bySignal).toMatchObject({
      accepted: true,
      report: { sinceKnown: false, evidence: { scenario: 'data-loss', since: receivedAt } },
    });
    const named = { ...report, signal: 'missing-records', scenario: 'security-breach' };
    expect(await judge({ ...named, since: '2025-11-29T03:30:00+01:00' })).toMatchObject({
      accepted: true,
      report: {
        sinceKnown: true,
        evidence: { scenario: 'security-breach', since: '2025-11-29T02:30:00.000Z', signal: 'user-report' },
      },
    });
    expect(await judge({ ...named, since: '2025-11-29T03:00:01Z' })).toMatchObject({ accepted: false });
    expect(await judge({ ...report, signal: 'backup-age', scenario: null, since: null })).toMatchObject({
      accepted: false,
      verdict: expect.stringContaining('no runbook'),
    });
  });

  it('comes from a person of the policy, but for an alert whose signature was right', async () => {
    const alert = { ...report, by: 'uptime', signal: 'health-check', scenario: null, since: null };
    expect(await judge(alert)).toMatchObject({ accepted: false });
    expect(await judge({ ...alert, through: 'outside-alert' })).toMatchObject({
      accepted: true,
      report: { evidence: { signal: 'outside-alert', scenario: 'application-crash' } },
    });
    expect(await judge({ id: 'x', kind: 'stop', by: 'uptime', reason: 'x' })).toMatchObject({
      accepted: false,
    });
  });
});
