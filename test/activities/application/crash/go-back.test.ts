import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKeyring } from '../../../../activities/vault/keyring.ts';
import { passphraseFrom } from '../../../../activities/vault/passphrase.ts';
import { until } from '../../../sandbox/postgres/condition.ts';
import { attempt, startProduction } from './production.ts';

let production: Awaited<ReturnType<typeof startProduction>>;
let healthy: string;

beforeAll(async () => {
  production = await startProduction();
});
afterAll(() => production.stop());
beforeEach(async () => {
  healthy = await production.heal();
});
afterEach(async () => {
  production.railway.faults.clear();
  await production.railway.service.settled();
});

async function push(version: string): Promise<string> {
  const pushed = production.railway.service.pushVersion(version);
  await production.railway.service.settled();
  return String(pushed?.id);
}
const choose = (
  badDeploymentId: string,
  cause: 'bad-deployment' | 'missing-variable' = 'bad-deployment',
  wantedDeploymentId: string | null = null,
) =>
  attempt(production.activities.chooseGoodDeployment, [{ badDeploymentId, cause, wantedDeploymentId }])
    .result;
const goBack = (
  deploymentId: string,
  knownIds: readonly string[],
  by: 'rollback' | 'redeploy' = 'rollback',
) => attempt(production.activities.deployOnce, [{ deploymentId, by, knownIds, deadlineMs: 60_000 }]).result;

describe('the deployment to go back to', () => {
  it('is the newest that ran, with every id there is', async () => {
    const bad = await push('v3-throws-on-start');
    const { chosen, by, knownIds, passedOver } = await choose(bad);
    expect([chosen?.id, by, passedOver]).toEqual([healthy, 'rollback', []]);
    expect(knownIds).toHaveLength(production.railway.service.deployments().length);
  });

  it('is none whose log ends with a crash, although the platform would roll back to it', async () => {
    const crashed = await push('v3-throws-after-1-requests');
    const { applicationUrl, service } = production.railway;
    await until('it has crashed', 60_000, async () => {
      await request(`${applicationUrl}/api/version`, { reset: true }).catch(() => undefined);
      return service.find(crashed).status === 'CRASHED' || undefined;
    });
    const bad = await push('v4-throws-on-start');
    expect(service.find(crashed).canRollback).toBe(true);
    const { chosen, passedOver } = await choose(bad);
    expect(chosen?.id).toBe(healthy);
    expect(passedOver).toEqual([{ id: crashed, why: expect.stringMatching(/^its log ends with a crash/) }]);
  });

  it('is none of the same commit, unless only a variable is at fault', async () => {
    production.railway.service.removeVariable('DATABASE_URL');
    await production.railway.service.settled();
    const bad = String(production.railway.service.deployments()[0]?.id);
    expect((await choose(bad, 'missing-variable')).chosen?.id).toBe(healthy);
    const { chosen, passedOver } = await choose(bad);
    expect(passedOver[0]).toEqual({ id: healthy, why: 'it is the same commit as the one that fails' });
    expect(chosen?.commit?.subject).not.toBe('Release v2');
  });

  it('is the one that a person named, by redeploying where the platform cannot roll back', async () => {
    const running = await push('v3');
    expect(await choose(running, 'bad-deployment', healthy)).toMatchObject({
      chosen: { id: healthy },
      by: 'rollback',
    });
    expect(await choose(running, 'bad-deployment', running)).toMatchObject({ by: 'redeploy' });
    await expect(choose(running, 'bad-deployment', 'no-such')).rejects.toMatchObject({
      type: 'input-invalid',
    });
  });
});

describe('going back', () => {
  it('deploys the old build once, also when the answer is lost', async () => {
    const { knownIds } = await choose(await push('v3-throws-on-start'));
    const before = production.changes('deploymentRollback');
    production.railway.faults.set('deploymentRollback', { kind: 'drop-after' }, 1);
    const deployed = await goBack(healthy, knownIds);
    expect(deployed).toMatchObject({ running: true, status: 'SUCCESS' });
    expect(await goBack(healthy, knownIds)).toMatchObject({ deploymentId: deployed.deploymentId });
    expect(production.changes('deploymentRollback')).toBe(before + 1);
    expect(production.railway.service.active()?.version).toBe('v2');
  });

  it('says that an order which was not taken may be tried again', async () => {
    const { knownIds } = await choose(await push('v3-throws-on-start'));
    production.railway.faults.set('deploymentRollback', { kind: 'drop-before' }, 1);
    await expect(goBack(healthy, knownIds)).rejects.toMatchObject({
      type: 'provider-unavailable',
      retried: true,
    });
    expect(await goBack(healthy, knownIds)).toMatchObject({ running: true });
  });

  it('finds that the old build does not run either, for the variables to be put right first', async () => {
    const bad = await push('v3-throws-on-start');
    const { knownIds } = await choose(healthy);
    expect(await goBack(bad, knownIds, 'redeploy')).toMatchObject({
      running: false,
      status: 'CRASHED (stopped)',
    });
  });
});

describe('the variables', () => {
  const key = () => `test/${crypto.randomUUID()}`;
  const keep = (at: string) => attempt(production.activities.keepVariables, [{ key: at }]).result;
  const setAgain = (at: string, except: readonly string[] = []) =>
    attempt(production.activities.setVariablesAgain, [{ key: at, except }]).result;

  it('are set again as they were, after a rollback has brought old ones back', async () => {
    const { service } = production.railway;
    const at = key();
    service.setVariables({ GREETING: 'new', TOKEN: 'rotated' }, { skipDeploys: true, replace: false });
    const running = await push('v3');
    const kept = await keep(at);
    expect(kept.variables.map(({ name }) => name)).toEqual(['DATABASE_URL', 'GREETING', 'TOKEN']);
    await goBack(healthy, (await choose(running)).knownIds);
    expect(service.variables).not.toHaveProperty('TOKEN');

    expect(await keep(at)).toEqual(kept);
    expect(await setAgain(at)).toEqual({ setAgain: ['GREETING', 'TOKEN'], keptFromRollback: [] });
    expect(service.variables).toMatchObject({ GREETING: 'new', TOKEN: 'rotated' });
    expect(await setAgain(at)).toEqual({ setAgain: [], keptFromRollback: [] });
  });

  it('stay as the rollback brought them where they were missing or unusable', async () => {
    const { service } = production.railway;
    const at = key();
    service.setVariables({ DATABASE_URL: 'nonsense' }, { skipDeploys: true, replace: true });
    await keep(at);
    service.setVariables(
      { DATABASE_URL: production.applicationUrl, OLD: 'old' },
      { skipDeploys: true, replace: true },
    );
    expect(await setAgain(at, ['DATABASE_URL'])).toEqual({
      setAgain: [],
      keptFromRollback: ['DATABASE_URL', 'OLD'],
    });
    expect(service.variables['DATABASE_URL']).toBe(production.applicationUrl);
  });

  it('lie sealed in the store, and their marks tell equal values only', async () => {
    const { service } = production.railway;
    service.setVariable('TOKEN', 'a-very-secret-token', true);
    const [first, second, third] = [key(), key(), key()];
    const kept = await keep(first);
    expect(await production.store.getText(first)).not.toContain('a-very-secret-token');
    expect(JSON.stringify(kept)).not.toContain('a-very-secret-token');
    expect((await keep(second)).variables).toEqual(kept.variables);
    service.setVariable('TOKEN', 'another-secret-token', true);
    const changed = (await keep(third)).variables;
    expect(changed.filter(({ mark }, index) => mark !== kept.variables[index]?.mark)).toEqual([
      { name: 'TOKEN', mark: expect.stringMatching(/^[0-9a-f]{16}$/) },
    ]);
  });

  it('that were altered in the store are refused, not set', async () => {
    const at = key();
    await keep(at);
    const sealed: unknown = JSON.parse((await production.store.getText(at)) ?? '');
    const altered = JSON.stringify({ ...Object(sealed), sealed: Buffer.from('altered').toString('base64') });
    await production.store.putText(at, altered, 'application/json');
    const before = production.changes('variableCollectionUpsert');
    await expect(setAgain(at)).rejects.toMatchObject({ type: 'verification-failed', retried: false });
    await expect(setAgain('never-kept')).rejects.toMatchObject({ type: 'store-refused' });
    expect(production.changes('variableCollectionUpsert')).toBe(before);
  });

  it('are neither kept nor half kept without a passphrase, which is found before anything is changed', async () => {
    expect(await production.activities.checkVariableKeeping()).toEqual({ possible: true, why: null });
    const { activities } = production.workerWith(createKeyring({ passphrase: passphraseFrom({}) }));
    expect(await activities.checkVariableKeeping()).toEqual({
      possible: false,
      why: 'Neither BACKUP_PASSPHRASE nor BACKUP_PASSPHRASE_FILE is set.',
    });
    const at = key();
    await expect(attempt(activities.keepVariables, [{ key: at }]).result).rejects.toMatchObject({
      type: 'configuration-invalid',
      retried: false,
    });
    expect(await production.store.getText(at)).toBeUndefined();
  });
});
