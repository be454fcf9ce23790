import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { taskQueue } from '../../../workflows/contracts/names.ts';
import type { OperationRecord } from '../../../workflows/contracts/operations.ts';
import type { Policy } from '../../../workflows/contracts/policy.ts';
import {
  type ReviewName,
  type ReviewSpec,
  type ReviewState,
  reviewNames,
} from '../../../workflows/contracts/reviews.ts';
import { startOperationsWorld } from './world.ts';

const hourMs = 3_600_000;

let world: Awaited<ReturnType<typeof startOperationsWorld>>;

beforeAll(async () => {
  world = await startOperationsWorld();
});
afterEach(() => world.setPolicy((policy) => policy));
afterAll(() => world?.stop());

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 180_000, interval: 50 });
const subjects = (environment: string) =>
  world.smtp
    .messages()
    .filter(({ text }) => text.includes(`of ${environment}.`) || text.includes(`in ${environment},`))
    .map(({ subject }) => subject);

/** What the review looks at by itself is left to one check that needs no production. */
function reviewsLike(change: Partial<ReviewSpec>) {
  return (policy: Policy): Policy => {
    const changed = (name: ReviewName) => ({
      ...policy.reviews[name],
      checks: ['procedures'] as const,
      ...change,
    });
    return {
      ...policy,
      reviews: {
        'security-audit': changed('security-audit'),
        'plan-review': changed('plan-review'),
        'monthly-review': changed('monthly-review'),
      },
    };
  };
}

function attest(environment: string, item: string, startedBy: string, holds = true) {
  return world.client.workflow.execute('attest', {
    taskQueue,
    workflowId: `attest-${environment}-${item}-${startedBy}`,
    args: [{ environment, startedBy, item, holds, note: `seen by ${startedBy}`, validDays: null }],
  });
}

async function stateOf(environment: string, name: ReviewName): Promise<ReviewState | undefined> {
  const states = await world.client.workflow.execute<(input: unknown) => Promise<ReviewState[]>>('reviews', {
    taskQueue,
    workflowId: `reviews-${environment}-${Math.random()}`,
    args: [{ environment }],
  });
  return states.find((state) => state.name === name);
}

const isOpen = (environment: string, name: ReviewName) =>
  until(async () => expect((await stateOf(environment, name))?.open).not.toBeNull());

const newest = async (environment: string, operation: ReviewName): Promise<OperationRecord | undefined> =>
  (await world.alerting.listOperationRecords({ environment, operation, limit: 1 }))[0];

describe('a review', () => {
  it.each(reviewNames)('waits for people and keeps who answered what: %s', async (name) => {
    world.setPolicy(reviewsLike({}));
    const environment = `waits-${name}`;
    const running = world.run(name, environment);
    await isOpen(environment, name);
    const open = (await stateOf(environment, name))?.open;
    const items = open?.questions.map(({ item }) => item) ?? [];
    expect(items.length).toBeGreaterThan(1);
    await until(() => expect(subjects(environment)).toHaveLength(1));

    for (const [index, item] of items.entries()) {
      if (index > 0) {
        const questions = (await stateOf(environment, name))?.open?.questions ?? [];
        expect(questions.filter(({ answer }) => answer === null)).toHaveLength(items.length - index);
      }
      await attest(environment, item, index % 2 === 0 ? 'oncall' : 'admin');
    }
    const record = await running;
    expect(record.outcome).toBe('succeeded');
    expect(record.checks.filter(({ name: check }) => check.startsWith('manual: '))).toEqual(
      items.map((item, index) => ({
        name: `manual: ${item}`,
        passed: true,
        found: expect.stringMatching(
          new RegExp(
            `^holds, by ${index % 2 === 0 ? 'oncall' : 'admin'} \\(identity not verified\\) .* UTC: seen`,
          ),
        ),
        expected: expect.stringMatching(/\.$/),
      })),
    );
    expect(record.checks.filter(({ name: check }) => check.startsWith('procedure of '))).toHaveLength(5);
    expect(await newest(environment, name)).toEqual(record);
    const kept = (await world.store.list(`operations/${environment}/${name}/`)).map(({ key }) => key);
    expect(kept.map((key) => key.split('.').at(-1)).sort()).toEqual(['html', 'json', 'md']);
    expect((await stateOf(environment, name))?.open).toBeNull();
  });

  it('fails when somebody says that it does not hold, and has that told', async () => {
    world.setPolicy(reviewsLike({ manual: ['procedures-updated'] }));
    const running = world.run('monthly-review', 'denied');
    await isOpen('denied', 'monthly-review');
    await attest('denied', 'procedures-updated', 'admin', false);
    const record = await running;
    expect(record).toMatchObject({ outcome: 'failed', failure: { type: 'checks-failed' } });
    expect(record.failure?.happened).toContain('does not hold, by admin');
    await until(() =>
      expect(subjects('denied')).toContain('Monthly review of retention and procedures: needs attention'),
    );
  });

  it('does not take the word of an earlier review for its own', async () => {
    world.setPolicy(reviewsLike({ manual: ['procedures-updated'] }));
    await attest('earlier', 'procedures-updated', 'admin');
    const running = world.run('monthly-review', 'earlier');
    await isOpen('earlier', 'monthly-review');
    expect((await stateOf('earlier', 'monthly-review'))?.open?.questions).toMatchObject([{ answer: null }]);
    await attest('earlier', 'procedures-updated', 'oncall');
    expect((await running).outcome).toBe('succeeded');
  });

  it('reminds, is told as overdue while it waits, and is taken back when it is answered', async () => {
    world.setPolicy(reviewsLike({ manual: ['procedures-updated'], answerWithinMs: 1, remindEveryMs: 300 }));
    const running = world.run('monthly-review', 'late');
    const title = 'Monthly review of retention and procedures';
    await until(() => {
      expect(subjects('late')).toContain(`${title}: reminder`);
      expect(subjects('late')).toContain(`${title}: overdue`);
    });
    const [overdue] = world.smtp.messages().filter(({ subject }) => subject === `${title}: overdue`);
    expect(overdue?.text).toMatch(new RegExp(`^${title}: overdue since `));
    expect(overdue?.text).toContain('Nobody answered: procedures-updated.');
    expect(overdue?.text).toContain('npx dr review --environment late');
    await attest('late', 'procedures-updated', 'admin');
    expect((await running).outcome).toBe('succeeded');
    await until(() => expect(subjects('late')).toContain(`${title}: done`));
  });

  it('ends with what was answered before the next one would begin', async () => {
    world.setPolicy(reviewsLike({ manual: ['procedures-updated'], closeAfterMs: 1 }));
    const record = await world.run('monthly-review', 'closed');
    expect(record.outcome).toBe('failed');
    expect(record.checks).toContainEqual(
      expect.objectContaining({
        name: 'manual: procedures-updated',
        passed: false,
        found: 'nobody answered',
      }),
    );
  });

  it('looks again at its end at what was wrong, so that it can be mended in between', async () => {
    world.setPolicy(
      reviewsLike({
        manual: ['procedures-updated'],
        checks: ['restore-tests'],
      }),
    );
    const running = world.run('monthly-review', 'mended');
    await until(() => expect(subjects('mended')).toHaveLength(1));
    for (const operation of ['restore-test', 'full-test'] as const) {
      const at = new Date().toISOString();
      await world.alerting.putOperationRecord({
        formatVersion: 1,
        environment: 'mended',
        operation,
        tier: null,
        workflowId: 'w',
        runId: 'r',
        startedBy: 'anna',
        startedAt: at,
        finishedAt: at,
        outcome: 'succeeded',
        summary: 'whole',
        checks: [],
        restores: [],
        failure: null,
      });
    }
    await attest('mended', 'procedures-updated', 'admin');
    expect(await running).toMatchObject({
      outcome: 'succeeded',
      details: ['restore-tests: wrong at first, mended during the review'],
    });
  });
});

describe('what is overdue', () => {
  const wanted =
    (overdueAfterMs: Policy['overdueAfterMs']) =>
    (policy: Policy): Policy => ({ ...policy, overdueAfterMs });
  const drilled = (environment: string, finishedAt: string) =>
    world.store.putText(
      `drills/${environment}/${finishedAt}.json`,
      JSON.stringify({
        environment,
        scenario: 'data-loss',
        finishedAt,
        succeeded: true,
        failure: null,
        criteria: [],
        fingerprint: null,
      }),
      'application/json',
    );

  it('is told once for each kind, and taken back by a good one', async () => {
    world.setPolicy(wanted({ drill: hourMs, 'plan-review': hourMs }));
    await drilled('tardy', new Date(Date.now() - 2 * hourMs).toISOString());
    const first = await world.run('overdue-check', 'tardy');
    expect(first.outcome).toBe('succeeded');
    expect(first.checks).toMatchObject([
      { name: 'in time: drill', passed: false, advisory: true },
      { name: 'in time: plan-review', passed: false, found: 'never done, and nothing schedules it' },
    ]);
    await world.run('overdue-check', 'tardy');
    await until(() => expect(subjects('tardy').sort()).toEqual(['Overdue: drill', 'Overdue: plan-review']));
    expect(await world.alerting.listIncidents({ environment: 'tardy' })).toMatchObject([
      { operation: 'drill', failures: 2 },
      { operation: 'plan-review', failures: 2 },
    ]);

    await drilled('tardy', new Date().toISOString());
    await world.run('overdue-check', 'tardy');
    await until(() => expect(subjects('tardy')).toContain('Not overdue any more: drill'));
    expect(await world.alerting.listIncidents({ environment: 'tardy' })).toMatchObject([
      { operation: 'plan-review' },
    ]);
  });

  it('is not told of a drill that was held in an environment which counts here', async () => {
    world.setPolicy((policy) => ({
      ...policy,
      overdueAfterMs: { drill: hourMs },
      verification: { ...policy.verification, drillsOf: ['rehearsal'] },
    }));
    await drilled('rehearsal', new Date().toISOString());
    const { summary } = await world.run('overdue-check', 'guarded');
    expect(summary).toBe('nothing is overdue');
    expect(await world.alerting.listIncidents({ environment: 'guarded' })).toEqual([]);
  });
});
