import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../activities/adapters/postgres/index.ts';
import { undoFactsQuery } from '../../workflows/contracts/messages.ts';
import { eventually } from './condition.ts';
import { standing } from './found.ts';
import { startProduction, type TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { resetRun } from './reset.ts';
import { asSuperuser, someTarget } from './truth.ts';

let production: TestProduction;

beforeAll(async () => {
  production = await startProduction();
});
afterEach(() => production.endRun());
afterAll(() => production.stop());

const restoreRequests = () => production.sandbox.supabase.calls.all('restore-pitr').length;

describe('a run that was reset in Temporal', () => {
  it('refuses the approval that was given to the run before, at the gate and just after it opened', async () => {
    const { sandbox } = production;
    const requests = restoreRequests();
    const first = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    const gate = await first.asked('approval', 'restore-database');
    const refused = await first.answer('approve', { ...first.approvalOf(gate), by: 'mallory' });
    expect(refused.accepted).toBe(false);

    const second = await resetRun(sandbox, first, { activityType: 'digestPlan', nth: 1 });
    const gateAgain = await second.asked('approval', 'restore-database');
    expect(gateAgain).toMatchObject({ id: gate.id, digest: gate.digest });
    const old = await second.answer('approve', first.approvalOf(gate));
    expect(old).toMatchObject({ accepted: false, verdict: expect.stringContaining(`run ${first.runId}`) });

    const third = await resetRun(sandbox, second, { activityType: 'digestPlan', nth: 1 }, 1);
    const stillOpen = await third.asked('approval', 'restore-database');
    const older = await third.answer('approve', second.approvalOf(gateAgain));
    expect(older).toMatchObject({ accepted: false, verdict: expect.stringContaining(`run ${second.runId}`) });
    expect(restoreRequests()).toBe(requests);

    await third.accepted('approve', third.approvalOf(stillOpen));
    expect(await third.finishAfterRestore()).toMatchObject({ outcome: 'recovered' });
    expect(restoreRequests()).toBe(requests + 1);
  });

  it('asks again when the old run had accepted the approval, wherever before the restore it is reset', async () => {
    const { sandbox } = production;
    const requests = restoreRequests();
    const found = await standing(sandbox);
    await prepareNonceTable();
    let run = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    let gate = await run.asked('approval', 'restore-database');

    // The table of nonces is locked, without a transaction id: the run cannot get further than arming the restore.
    const resetWhileArming = (activityType: string) =>
      asSuperuser(sandbox, async (client) => {
        await client.query('BEGIN');
        await client.query('LOCK TABLE dr.restore_nonce IN EXCLUSIVE MODE');
        const nth = await run.scheduled(activityType);
        const armed = await run.scheduled('armRestore');
        await run.accepted('approve', run.approvalOf(gate));
        await eventually('the restore that is being armed', async () =>
          (await run.scheduled('armRestore')) > armed ? true : undefined,
        );
        return resetRun(sandbox, run, { activityType, nth: nth + 1 });
      });

    for (const activityType of ['judgeAnswer', 'approvalHolds']) {
      run = await resetWhileArming(activityType);
      // Where the check had passed, the run before may have sent the request, for all that this one can know.
      if (activityType === 'approvalHolds') {
        const unproved = await run.asked('restore-unproved', 'restore-database');
        await run.accepted('reject', { decision: unproved.id, reason: 'it was reset before' });
        const failed = await run.asked('failed-step', 'restore-database');
        await run.accepted('retry', { decision: failed.id });
      }
      gate = await run.asked('approval', 'restore-database');
      expect(restoreRequests()).toBe(requests);
    }
    await run.accepted('reject', { decision: gate.id, reason: 'enough was seen' });
    expect(await run.result()).toMatchObject({ outcome: 'undone' });
    expect(await standing(sandbox)).toEqual(found);
  });
});

describe('a run that was reset to before a restore that it had sent', () => {
  it('sends no second one, and leaves production fenced instead of undoing', async () => {
    const { sandbox } = production;
    const requests = restoreRequests();
    const first = await Recovery.start(sandbox, { target: await someTarget(sandbox) });
    const gate = await first.asked('approval', 'restore-database');
    const judged = await first.scheduled('judgeAnswer');
    await first.accepted('approve', first.approvalOf(gate));
    await first.asked('manual-step', 'confirm-restored-data');
    expect(restoreRequests()).toBe(requests + 1);

    const second = await resetRun(sandbox, first, { activityType: 'judgeAnswer', nth: judged + 1 });
    const gateAgain = await second.asked('approval', 'restore-database');
    await second.accepted('approve', second.approvalOf(gateAgain));
    const askedOnce = await second.until(
      'the gate that asks again',
      ({ open, warnings }) =>
        open !== null &&
        open.id !== gateAgain.id &&
        warnings.some((warning) => warning.includes(first.runId)),
    );
    expect(askedOnce.destroyed).toBe(true);
    await second.accepted('abort', { reason: 'the database was rewound already' });
    expect(await second.result()).toMatchObject({ outcome: 'left-fenced' });
    expect(restoreRequests()).toBe(requests + 1);
    expect(sandbox.postgres.networkRestrictions()).toEqual(['127.0.0.1/32']);

    const facts = await second.handle.query(undoFactsQuery);
    const { measures } = await second.status();
    const repair = await Recovery.launch(sandbox, {
      environment: 'sandbox',
      startedBy: 'admin',
      reason: 'the data was looked at',
      ofRunId: second.runId,
      left: { measures, facts, destroyed: true },
    });
    const report = await repair.result();
    expect(report.headline).toContain('NOT verified');
    expect(sandbox.postgres.networkRestrictions()).toEqual(['0.0.0.0/0', '::/0']);
  });
});

/** Makes what arming a restore makes, so that it can be locked. */
async function prepareNonceTable(): Promise<void> {
  const { DATABASE_URL: connectionString } = production.sandbox.environment;
  await createPostgresDatabase({ connectionString: connectionString ?? '' }).session(async (session) => {
    await session.query('CREATE SCHEMA IF NOT EXISTS dr');
    await session.query(`CREATE TABLE IF NOT EXISTS dr.restore_nonce (
      nonce text PRIMARY KEY, armed_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  });
}
