import { escapeLiteral } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderProcedure } from '../../worker/local/procedure/render.ts';
import type { Runbook } from '../../workflows/runbook/runbook.ts';
import { runbooks } from '../../workflows/scenarios/index.ts';
import { type SandboxProduction, startSandbox } from '../sandbox/index.ts';
import { sandboxPolicy } from '../sandbox/policy.ts';
import { patchPolicy } from '../sandbox/policy-patch.ts';
import { damagePages } from '../sandbox/postgres/damage-pages.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import { followPaper, hasPrograms } from '../worker/local/procedure/by-hand.ts';
import { eventually } from './condition.ts';
import { quickPolicy } from './production.ts';
import { leaks, secretsOf } from './secrets.ts';
import {
  asSuperuser,
  customersServed,
  damage,
  deviation,
  exact,
  promised,
  restorable,
  salesOf,
} from './truth.ts';

const policy = patchPolicy(sandboxPolicy, quickPolicy);

/** Where nobody answers: a paper that needed Temporal would fail. */
const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

let sandbox: SandboxProduction;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox?.stop());

async function rotatePassword(): Promise<string> {
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

/** Types the paper of a scenario into a shell; gives all that it printed. */
async function typePaper(
  scenario: keyof typeof runbooks,
  given: Readonly<Record<string, string>>,
  leftOut: readonly string[] = [],
): Promise<string> {
  const runbook: Runbook = runbooks[scenario];
  const printed = await followPaper(
    renderProcedure(runbook, policy),
    { ...sandbox.environment, ...nowhere, ...given },
    leftOut,
  );
  const said = [...printed].map(([step, text]) => `${step}\n${text}`).join('\n');
  expect(leaks(said, secretsOf(sandbox))).toEqual([]);
  return said;
}

async function served(): Promise<void> {
  const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
  await customersServed(traffic, sandbox);
  await traffic.stop();
}

/** A moment to go back to, later than every sale that there is. */
async function cleanMoment(): Promise<string> {
  const second = Math.floor(Date.now() / 1000) + 1;
  await asSuperuser(sandbox, (client) =>
    client.query('SELECT pg_sleep_until(to_timestamp($1::bigint + 1))', [second]),
  );
  await restorable(sandbox, second);
  return new Date(second * 1000).toISOString();
}

async function salesLost(before: Awaited<ReturnType<typeof salesOf>>): Promise<string[]> {
  const after = new Map((await salesOf(sandbox)).map(({ receipt, content }) => [receipt, content]));
  return before.flatMap(({ receipt, content }) => (after.get(receipt) === content ? [] : [receipt]));
}

describe.runIf(await hasPrograms())('a paper procedure, typed into a shell with no Temporal to reach', () => {
  it('brings lost sales back', async () => {
    const { railway, smtp, supabase, postgres } = sandbox;
    const networksBefore = [...postgres.networkRestrictions()];
    const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
    await customersServed(traffic, sandbox);
    const incident = await damage(sandbox);
    const password = await rotatePassword();
    await customersServed(traffic, sandbox);

    const said = await typePaper('data-loss', { MOMENT: incident.moment, APPROVED_BY: 'anna' });
    expect(said).toContain('the copy is whole');
    expect(said).toContain('no table changed');
    expect(said).toContain('HTTP 201');
    expect(said).toContain('mended: vendhub_app can log in');
    expect(said).not.toMatch(/FAULT|GONE|LOOK AT THIS/);
    expect(said).not.toContain(password);

    const { acknowledged } = traffic.totals();
    await eventually('sales again', () => traffic.totals().acknowledged > acknowledged || undefined);
    const { sales } = await traffic.stop();
    const restoredAt = /noted restored: (\S+)/.exec(said)?.[1] ?? '';
    expect(await deviation(sandbox, incident, restoredAt)).toEqual(exact);
    expect(incident.kept.size).toBeGreaterThan(5_000);
    expect(promised(sales, incident).filter((receipt) => !incident.kept.has(receipt))).toEqual([]);
    expect(supabase.calls.all('restore-pitr')).toHaveLength(1);
    expect([...postgres.networkRestrictions()]).toEqual(networksBefore);
    expect(railway.service.autoDeploy).toBe(true);
    expect(smtp.messages().map(({ subject }) => subject)).toEqual([
      'The application is healthy again',
      ...Array.from({ length: 3 }, () => policy.mail.userSubject),
    ]);
  });

  it('goes back to the deployment before a crash, and keeps the variables of now', async () => {
    const { service } = sandbox.railway;
    const good = service.active();
    service.pushVersion('v3-throws-on-start');
    await eventually(
      'the platform gives it up',
      () => service.deployments()[0]?.status === 'CRASHED' || undefined,
    );
    service.setVariable('NEWER', 'than the rollback', true);
    const said = await typePaper('application-crash', { GOOD: good?.id ?? '' }, [
      'mend-database-login',
      'restart-application',
      'name-cause-again',
      'roll-back',
      'go-back-by-git',
      'revert-commit',
    ]);
    expect(said).toContain("TypeError: Cannot read properties of undefined (reading 'price')");
    expect(said).not.toContain('than the rollback');
    expect(service.active()).toMatchObject({
      version: good?.version,
      variables: { NEWER: 'than the rollback' },
    });
    await served();
  });

  it('finds damaged tables, copies the others, and goes back to before the damage', async () => {
    const { postgres, superuserUrl } = sandbox;
    await asSuperuser(sandbox, (client) => client.query('VACUUM'));
    const before = await salesOf(sandbox);
    const moment = await cleanMoment();
    await damagePages(postgres, superuserUrl, 'public.dispense_jobs', [{ page: 3, with: 'zeros' }]);
    await damagePages(postgres, superuserUrl, 'public.sales', [{ page: 2, with: 'garbage' }]);
    const said = await typePaper('database-corruption', { MOMENT: moment, APPROVED_BY: 'anna' });
    expect(said).toContain('FAULT: public.sales cannot be read');
    expect(said).toMatch(/FAULT: public\.dispense_jobs has \d+ rows, its index knows \d+/);
    expect(said).toContain('WITHOUT: public.sales');
    expect(said).toContain('the copy is whole');
    expect(said).toContain('back again: public.sales');
    expect(said.split('Verify the restored data')[1]).not.toMatch(/FAULT|GONE|ERROR/);
    expect(await salesLost(before)).toEqual([]);
    await served();
  });

  it('isolates after a breach, keeps evidence, and goes back to the clean moment', async () => {
    await served();
    const before = await salesOf(sandbox);
    const moment = await cleanMoment();
    await asSuperuser(sandbox, (client) =>
      client.query(`INSERT INTO public.users (email, name) VALUES ('intruder@example.test', 'Intruder')`),
    );
    const said = await typePaper('security-breach', { MOMENT: moment, APPROVED_BY: 'anna' });
    expect(said).toMatch(/^[0-9a-f]{64} \*sessions\.txt$/m);
    expect(said).toContain('no table changed');
    expect(said).toContain('the new login works');
    expect(said).not.toMatch(/FAULT|GONE/);
    expect(await salesLost(before)).toEqual([]);
    const intruders = await asSuperuser(sandbox, async (client) => {
      const { rowCount } = await client.query(`SELECT FROM public.users WHERE name = 'Intruder'`);
      return rowCount;
    });
    expect(intruders).toBe(0);
    expect([...sandbox.postgres.networkRestrictions()]).toEqual(policy.security.baseline.allowedCidrs);
    await served();
  });
});
