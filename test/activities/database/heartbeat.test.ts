import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withHeartbeat } from '../../../activities/database/heartbeat.ts';
import { proveSilence } from '../../../activities/database/prove-silence.ts';
import { surveyLoss } from '../../../activities/database/survey-loss.ts';
import {
  run,
  schemas,
  startVendHubDatabase,
  timestampColumns,
  type VendHubDatabase,
} from './vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
});
afterAll(() => vendHub.cluster.dispose());

function observedActivity() {
  const environment = new MockActivityEnvironment();
  const beats: unknown[] = [];
  environment.on('heartbeat', (beat: unknown) => beats.push(beat));
  return { environment, beats };
}

describe('an activity', () => {
  it('says which table it counts', async () => {
    const { environment, beats } = observedActivity();
    await environment.run(surveyLoss, vendHub.operator, {
      targetUnix: 1_700_000_000,
      schemas,
      timestampColumns,
    });
    expect(beats).toEqual(expect.arrayContaining(['counting public.sales', 'counting public.users']));
  });

  it('keeps saying so during one long query', async () => {
    const { environment, beats } = observedActivity();
    await environment.run(() =>
      withHeartbeat('one long query', () => expect.poll(() => beats.length).toBe(2)),
    );
    expect(beats).toEqual(['one long query', 'one long query']);
  });

  it('ends when it is cancelled, and leaves no session', async () => {
    const { environment, beats } = observedActivity();
    const proof = environment.run(proveSilence, vendHub.operator, { quietMs: 600_000, deadlineMs: 600_000 });
    const refused = expect(proof).rejects.toMatchObject({ name: 'CancelledFailure' });
    await expect.poll(() => beats.length).toBeGreaterThan(0);
    environment.cancel('CANCELLED');
    await refused;
    const sessions = () =>
      run(vendHub.superuser, `SELECT 1 FROM pg_stat_activity WHERE application_name = 'vendhub-dr'`);
    await expect.poll(sessions).toEqual([]);
  });
});
