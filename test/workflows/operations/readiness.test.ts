import { describe, expect, it } from 'vitest';
import { policy } from '../../../worker/policy.ts';
import { checkNames } from '../../../workflows/contracts/check-names.ts';
import type { Policy } from '../../../workflows/contracts/policy.ts';
import type { DatabaseFacts, StoreFacts } from '../../../workflows/contracts/readiness-facts.ts';
import { beforeProduction } from '../../../workflows/operations/readiness/before-production.ts';
import type { Examination } from '../../../workflows/operations/readiness/examination.ts';
import { readinessQuestions } from '../../../workflows/operations/readiness/examine.ts';
import type { Fact, Facts } from '../../../workflows/operations/readiness/facts.ts';
import { ongoing } from '../../../workflows/operations/readiness/ongoing.ts';

const silent = { known: false, why: 'no answer', next: 'look at it' } as const;
const is = <T>(value: T): Fact<T> => ({ known: true, value });

const nothingAnswers: Facts = {
  provider: silent,
  project: silent,
  providerClock: silent,
  database: silent,
  dumpVersion: silent,
  health: silent,
  deployments: silent,
  stores: silent,
  newestBackups: silent,
  mailServer: silent,
  hasWebhook: silent,
  orchestrator: silent,
  schedules: silent,
  attestations: silent,
  incidents: silent,
  backups: silent,
  validations: silent,
  restoreTests: silent,
  drills: silent,
  fingerprint: silent,
  monitor: silent,
  schedulesChecks: silent,
  overdueChecks: silent,
  securityAudits: silent,
  planReviews: silent,
};

const database: DatabaseFacts = {
  version: '17.4',
  majorVersion: 17,
  tookMs: 12,
  trackCommitTimestamp: true,
  clockAheadMs: 3,
  clockErrorMs: 2,
  seenFrom: '203.0.113.7',
  seenFromPrivate: false,
  amongOperators: true,
};

const bucket = (location: string, change: Partial<StoreFacts> = {}): StoreFacts => ({
  location,
  problem: null,
  tookMs: 5,
  freeBytes: null,
  protection: { versioning: true, objectLock: true, defaultRetention: 'COMPLIANCE 30 days' },
  ...change,
});

const now = '2025-11-29T12:00:00Z';

function judge(name: string, facts: Partial<Facts>, changed: Partial<Policy> = {}) {
  const examination: Examination = {
    environment: 'production',
    policy: { ...policy, ...changed },
    facts: { ...nothingAnswers, ...facts },
    nowMs: Date.parse(now),
    testAlert: null,
  };
  const question = readinessQuestions.find(({ item }) => item === name);
  if (question === undefined) throw new Error(`There is no item ${name}.`);
  return question.judge(examination);
}

describe('the production checklist', () => {
  it('has every line of section 10, as the procedure writes it and in its order', () => {
    expect(beforeProduction.map(({ item }) => item)).toEqual([
      'Supabase backups configured',
      'Daily backup schedule set',
      'PITR enabled',
      'Backup validation script created',
      'Restore procedure tested',
      'Recovery plan documented',
      'Team trained on recovery',
      'Monitoring configured',
      'Alerts configured',
      'DR drill scheduled',
    ]);
    expect(ongoing.map(({ item }) => item)).toEqual([
      'Daily backup verification',
      'Weekly restore tests',
      'Monthly DR drills',
      'Quarterly security audit',
      'Annual recovery plan review',
    ]);
    expect(new Set(readinessQuestions.map(({ item }) => item)).size).toBe(readinessQuestions.length);
  });

  it('takes silence for good nowhere: only what the policy itself answers can be known then', () => {
    const known = readinessQuestions.filter(({ item }) => {
      const { state, found, todo } = judge(item, {});
      if (state === 'unknown') expect({ found, todo }).toEqual({ found: 'no answer', todo: ['look at it'] });
      return state === 'ok' || state === 'attention';
    });
    expect(known.map(({ item }) => item)).toEqual(['RTO that can be kept', 'Two people who may approve']);
  });
});

describe('an objective that the provider cannot meet', () => {
  const point = (found: string) =>
    is([{ name: checkNames.providerPoint, passed: true, found, expected: 'at most 300 s ago' }]);

  it('is said with the lag, as it is measured and as it usually is', () => {
    const { state, found } = judge('RPO that the provider can keep', { provider: point('95 s ago') });
    expect(state).toBe('attention');
    expect(found).toContain('up to 2 min 00 s back (now 95 s ago)');
    expect(found).toContain('1 min 00 s CANNOT be met for database-corruption, data-loss, security-breach');
  });

  it('is not said of a provider that can meet it', () => {
    const restore = { ...policy.restore, providerLagMs: 30_000 };
    const { state } = judge('RPO that the provider can keep', { provider: point('9 s ago') }, { restore });
    expect(state).toBe('ok');
  });

  it('is said of the times that recoveries take, too', () => {
    const { state, found } = judge('RTO that can be kept', {});
    expect(state).toBe('attention');
    expect(found).toContain('application-crash may take 6 min 00 s, objective 5 min 00 s');
    expect(found).not.toContain('data-loss may take');
  });
});

describe('what complete failure can lose', () => {
  const record = (finishedAt: string, passed: boolean) =>
    is([
      {
        formatVersion: 1,
        operation: 'backup',
        environment: 'production',
        tier: 'recent',
        restores: [],
        workflowId: 'w',
        runId: 'r',
        startedBy: 'schedule',
        startedAt: finishedAt,
        finishedAt,
        outcome: 'succeeded',
        summary: 's',
        checks: [{ name: checkNames.exposure, passed, found: '31 min', expected: 'less than 1 h' }],
        failure: null,
      } as const,
    ]);
  const item = 'RPO of complete failure';

  it('is what the last backup measured, while it is young enough', () => {
    expect(judge(item, { backups: record('2025-11-29T11:45:00Z', true) })).toMatchObject({ state: 'ok' });
    expect(judge(item, { backups: record('2025-11-29T11:45:00Z', false) })).toMatchObject({
      state: 'failed',
    });
    expect(judge(item, { backups: record('2025-11-29T10:45:00Z', true) })).toMatchObject({
      state: 'failed',
      found: expect.stringContaining('1 h 15 min old'),
      todo: ['npx dr backup --environment production'],
    });
    expect(judge(item, { backups: is([]) }).found).toContain('unknown');
  });
});

describe('the systems that a recovery must reach', () => {
  const fence = 'The fence lets the worker in';

  it('are judged by the address that the database sees, where it can be seen', () => {
    expect(judge(fence, { database: is(database) }).state).toBe('ok');
    const outside = { ...database, amongOperators: false };
    expect(judge(fence, { database: is(outside) })).toMatchObject({
      state: 'failed',
      found: expect.stringContaining('203.0.113.7'),
    });
    for (const unclear of [
      { ...outside, seenFrom: '10.1.2.3', seenFromPrivate: true },
      { ...outside, seenFrom: null, amongOperators: null },
    ]) {
      expect(judge(fence, { database: is(unclear) })).toMatchObject({
        state: 'attention',
        found: expect.stringMatching(/^unknown: /),
      });
    }
  });

  it.each([
    [1_900, 'ok'],
    [-2_900, 'attention'],
    [29_000, 'attention'],
    [-40_000, 'failed'],
  ])('may have a clock that is %d ms off: %s', (aheadMs, state) => {
    const clock = judge('Clock of the provider', { providerClock: is({ aheadMs, errorMs: 500 }) });
    expect(clock.state).toBe(state);
    expect(clock.found).toContain(aheadMs < 0 ? 'behind' : 'ahead of');
  });

  it('need programs that are not older than the database', () => {
    const item = 'PostgreSQL programs fit the database';
    expect(judge(item, { database: is(database), dumpVersion: is(17) }).state).toBe('ok');
    expect(judge(item, { database: is(database), dumpVersion: is(15) }).state).toBe('failed');
    expect(judge(item, { dumpVersion: is(17) }).state).toBe('unknown');
  });

  it('are said to count loss less exactly without commit times', () => {
    const off = { ...database, trackCommitTimestamp: false };
    expect(judge('Commit times are recorded', { database: is(off) }).state).toBe('attention');
  });

  it('name the search attributes that are missing, with the command that registers them', () => {
    const orchestrator = is({ missingSearchAttributes: ['DrStep'], workers: 2 });
    expect(judge('Search attributes registered', { orchestrator })).toMatchObject({
      state: 'failed',
      todo: ['temporal operator search-attribute create --name DrStep --type Keyword'],
    });
    expect(judge('Workers', { orchestrator }).state).toBe('ok');
  });
});

describe('the places of backups', () => {
  it('must be two away from this machine', () => {
    const local = bucket('local', { freeBytes: 9e12, protection: null });
    const item = 'Two places away from production';
    expect(judge(item, { stores: is([local, bucket('s3')]) }).state).toBe('failed');
    expect(judge(item, { stores: is([local, bucket('s3'), bucket('s3-second')]) }).state).toBe('ok');
  });

  it('must have room, and each that cannot be written is named', () => {
    const full = bucket('local', { freeBytes: 1e6, protection: null });
    expect(judge('Free space for backups', { stores: is([full]) }).state).toBe('failed');
    const problem = { happened: 'The bucket is gone.', next: 'Make it again.' };
    expect(judge('Backup places writable', { stores: is([full, bucket('s3', { problem })]) })).toEqual({
      state: 'failed',
      found: 's3: The bucket is gone',
      todo: ['Make it again.'],
    });
  });

  it('say unknown where a bucket does not tell whether it holds on to its objects', () => {
    const mute = { versioning: null, objectLock: null, defaultRetention: null };
    const item = 'Backups cannot be deleted';
    expect(judge(item, { stores: is([bucket('s3', { protection: mute })]) })).toMatchObject({
      state: 'attention',
      found: 's3: Object Lock unknown',
    });
    expect(judge(item, { stores: is([bucket('s3')]) })).toMatchObject({
      state: 'ok',
      found: 's3: Object Lock on, new objects for COMPLIANCE 30 days',
    });
  });
});

describe('people', () => {
  it.each(['Recovery plan documented', 'Team trained on recovery'])(
    'may vouch for what no probe can know: %s',
    (name) => {
      const { state, found, todo } = judge(name, { attestations: is([]) });
      expect({ state, found }).toEqual({
        state: 'failed',
        found: expect.stringMatching(/^nobody has attested it: [A-Z]/),
      });
      const id = /attest ([a-z-]+) /.exec(todo.join())?.[1];
      const given = {
        formatVersion: 1,
        item: id ?? '',
        environment: 'production',
        by: 'anna',
        holds: true,
        note: 'seen',
        at: '2025-11-20T10:00:00.000Z',
        validUntil: '2025-11-29T11:59:59.000Z',
        workflowId: 'w',
        runId: 'r',
      } as const;
      expect(judge(name, { attestations: is([given]) }).found).toContain('expired 2025-11-29');
      const longer = { ...given, validUntil: '2025-11-29T12:00:01.000Z' };
      expect(judge(name, { attestations: is([longer]) }).state).toBe('ok');
      expect(judge(name, { attestations: is([{ ...longer, holds: false }]) })).toMatchObject({
        state: 'failed',
        found: expect.stringMatching(/^denied by anna/),
      });
      const stricter = policy.attestations.map((spec) => ({ ...spec, validMs: 3_600_000 }));
      expect(judge(name, { attestations: is([longer]) }, { attestations: stricter }).state).toBe('failed');
    },
  );

  it('must be two who may approve, not one under two names', () => {
    const [first] = policy.people;
    if (first === undefined) throw new Error('The policy knows nobody.');
    const people = [first, { ...first, name: 'again' }];
    expect(judge('Two people who may approve', {}, { people }).state).toBe('failed');
    expect(judge('Two people who may approve', {}).state).toBe('ok');
  });
});

describe('monitoring', () => {
  const item = 'Monitoring configured';
  const health = is({ healthy: true, latencyMs: 8, detail: '200' });
  const schedule = {
    id: 'monitor',
    operation: 'monitor',
    paused: false,
    nextAt: ['2025-11-29T12:05:00Z'],
    lastAt: null,
    changedAt: '2025-11-01T00:00:00Z',
    missedCatchupWindow: 0,
    skippedOverlap: 0,
    running: 0,
    asPolicy: true,
  } as const;
  const monitor = {
    since: '2025-11-29T11:00:00Z',
    lookedAt: '2025-11-29T11:59:40Z',
    trouble: null,
    silence: null,
    incident: null,
  };
  const looked = (change: Partial<typeof monitor>) =>
    judge(item, { health, schedules: is([schedule]), monitor: is({ ...monitor, ...change }) });

  it('is well while it is kept running and looks', () => {
    expect(looked({})).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('looked last 2025-11-29 11:59:40 UTC'),
    });
  });

  it('is not well where it does not run, cannot look, or looked too long ago', () => {
    const none = judge(item, { health, schedules: is([schedule]), monitor: is(null) });
    expect(none).toMatchObject({ state: 'failed', found: 'the monitor does not run' });
    expect(looked({ lookedAt: '2025-11-29T11:57:00Z' }).state).toBe('failed');
    const blind = { ...monitor, trouble: 'The store is gone.' };
    expect(judge(item, { health, schedules: is([schedule]), monitor: is(blind) })).toMatchObject({
      state: 'failed',
      found: 'the monitor cannot look: The store is gone.',
    });
  });

  it('says who silenced it, and what it has open', () => {
    const silence = {
      by: 'anna',
      reason: 'move',
      from: '2025-11-29T11:50:00Z',
      until: '2025-11-29T13:00:00Z',
    };
    expect(
      judge(item, { health, schedules: is([schedule]), monitor: is({ ...monitor, silence }) }),
    ).toMatchObject({
      state: 'attention',
      found: expect.stringContaining('silenced by anna until 2025-11-29 13:00:00 UTC: move'),
      todo: ['npx dr monitor unsilence --environment production'],
    });
    const incident = { scenario: 'data-loss', because: 'sales are missing' } as const;
    expect(
      judge(item, { health, schedules: is([schedule]), monitor: is({ ...monitor, incident }) }),
    ).toMatchObject({ state: 'attention', found: expect.stringContaining('(data-loss): sales are missing') });
  });
});

describe('what would notice that something does not run', () => {
  const item = 'What does not run is noticed';
  const state = (operation: 'schedules-check' | 'overdue-check', changedAt: string) => ({
    id: operation,
    operation,
    paused: false,
    nextAt: [],
    lastAt: null,
    changedAt,
    missedCatchupWindow: 0,
    skippedOverlap: 0,
    running: 0,
    asPolicy: true,
  });
  const scheduled = (changedAt: string) => ({
    schedules: is([state('schedules-check', changedAt), state('overdue-check', changedAt)]),
    schedulesChecks: is([]),
    overdueChecks: is([]),
  });

  it('is in time on its first day, and watched from then on', () => {
    expect(judge(item, scheduled('2025-11-29T11:30:00Z')).state).toBe('ok');
    expect(judge(item, scheduled('2025-11-29T09:00:00Z')).state).toBe('failed');
    expect(judge(item, { ...scheduled('2025-11-29T11:30:00Z'), schedules: is([]) }).state).toBe('failed');
  });
});
