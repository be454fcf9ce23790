import { Client, escapeLiteral } from 'pg';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../sandbox/postgres/condition.ts';
import { attempt, startProduction } from './production.ts';

let production: Awaited<ReturnType<typeof startProduction>>;

beforeAll(async () => {
  production = await startProduction();
});
afterAll(() => production.stop());
beforeEach(() => production.heal());

const day = 86_400_000;
const causeOf = (input: { newDeploymentMs?: number; restartedAt?: string } = {}) =>
  attempt(production.activities.nameCause, [
    { databaseVariables: ['DATABASE_URL'], newDeploymentMs: 0, restartedAt: null, ...input },
  ]).result;

async function deploy(version: string) {
  const deployment = production.railway.service.pushVersion(version);
  await production.railway.service.settled();
  return String(deployment?.id);
}

/** Asks until the version gives up. */
async function useUntilCrashed() {
  const { railway } = production;
  await until('it has crashed', 60_000, async () => {
    await request(`${railway.applicationUrl}/api/version`, { reset: true }).catch(() => undefined);
    return railway.service.deployments()[0]?.status === 'CRASHED' || undefined;
  });
}

describe('the cause of a crash, by the log of an application that really crashes', () => {
  it('is out of memory when V8 gives up', async () => {
    const id = await deploy('v3-exhausts-memory-on-start');
    const cause = await causeOf({ newDeploymentMs: day });
    expect(cause).toMatchObject({
      kind: 'out-of-memory',
      restartMayHelp: true,
      deployment: { id, status: 'CRASHED (stopped)' },
    });
    expect(cause.lines.join('\n')).toContain('JavaScript heap out of memory');
  });

  it('is an unhandled exception when a deployment that ran throws, with the line and its stack', async () => {
    await deploy('v3-throws-after-2-requests');
    await useUntilCrashed();
    const cause = await causeOf();
    expect(cause).toMatchObject({
      kind: 'unhandled-exception',
      restartMayHelp: true,
      databaseLogin: 'accepted',
    });
    expect(cause.lines[0]).toContain("TypeError: Cannot read properties of undefined (reading 'price')");
    expect(cause.lines[1]).toMatch(/at priceOf .*version-behaviour\.ts/);
  });

  it('is a bad deployment when a new one throws from the start, and a restart is no help', async () => {
    const id = await deploy('v3-throws-on-start');
    const cause = await causeOf({ newDeploymentMs: day });
    expect(cause).toMatchObject({
      kind: 'bad-deployment',
      found: expect.stringContaining(id),
      restartMayHelp: false,
      deployment: {
        id,
        commit: { hash: expect.stringMatching(/^[0-9a-f]{40}$/), subject: 'Release v3-throws-on-start' },
      },
    });
    expect(cause.lines.join('\n')).toContain('TypeError');
  });

  it('is a bad deployment when it exits by itself with a line that says fatal', async () => {
    await deploy('v3-crash-on-start');
    const cause = await causeOf({ newDeploymentMs: day });
    expect(cause.kind).toBe('bad-deployment');
    expect(cause.lines.join('\n')).toContain('cannot read the price list');
  });

  it('is a bad deployment when it cannot be built and nothing else runs, with what the build wrote', async () => {
    production.railway.service.stop(production.activeId());
    await production.railway.service.settled();
    const id = await deploy('v3-build-fails');
    const cause = await causeOf();
    expect(cause).toMatchObject({ kind: 'bad-deployment', restartMayHelp: false, deployment: { id } });
    expect(cause.lines.join('\n')).toContain('error TS2304');
  });

  it('is a missing variable when one was removed, which it names', async () => {
    production.railway.service.removeVariable('DATABASE_URL');
    await production.railway.service.settled();
    const cause = await causeOf({ newDeploymentMs: day });
    expect(cause).toMatchObject({
      kind: 'missing-variable',
      variables: ['DATABASE_URL'],
      found: expect.stringContaining('the service does not have DATABASE_URL'),
      restartMayHelp: false,
      databaseLogin: null,
    });
    expect(cause.lines.join('\n')).toContain('DATABASE_URL is missing');
  });

  it('is a variable that the service has again: a new deployment may help', async () => {
    const { service } = production.railway;
    service.removeVariable('DATABASE_URL');
    await service.settled();
    service.setVariable('DATABASE_URL', production.applicationUrl, true);
    expect(await causeOf()).toMatchObject({ kind: 'missing-variable', restartMayHelp: true });
    expect(await causeOf({ restartedAt: new Date(Date.now() - 10_000).toISOString() })).toMatchObject({
      kind: 'missing-variable',
      restartMayHelp: false,
    });
  });

  it('is the database when it cannot be reached, and only the database can be mended', async () => {
    const { cluster, railway } = production;
    await cluster.stop('immediate');
    try {
      await until('the application notices', 60_000, async () => {
        const { statusCode } = await request(`${railway.applicationUrl}/health`, { reset: true });
        return statusCode === 503 || undefined;
      });
      const cause = await causeOf({ newDeploymentMs: day });
      expect(cause).toMatchObject({
        kind: 'database',
        databaseLogin: 'unreachable',
        restartMayHelp: false,
        onlyDatabaseCanBeMended: true,
      });
      expect(cause.lines.join('\n')).toMatch(/ECONNREFUSED|terminat/);
    } finally {
      await cluster.start();
    }
  });

  it('is the database when it refuses the login, and a person must mend that, not a restore', async () => {
    const { cluster, applicationUrl } = production;
    const setPassword = (password: string) =>
      setRolePassword(cluster.connectionString(cluster.superuser, 'postgres'), password);
    await setPassword('another');
    try {
      const { service } = production.railway;
      service.deploy({ version: 'v2', variables: service.variables, build: false });
      await service.settled();
      const cause = await causeOf();
      expect(cause).toMatchObject({
        kind: 'database',
        databaseLogin: 'refused',
        restartMayHelp: false,
        onlyDatabaseCanBeMended: false,
      });
      expect(JSON.stringify(cause)).not.toContain(new URL(applicationUrl).password);
    } finally {
      await setPassword(new URL(applicationUrl).password);
    }
  });

  it('is unknown when the process was killed from outside, with its last lines', async () => {
    const { service } = production.railway;
    process.kill(Number(service.active()?.replica?.pid()), 'SIGKILL');
    await until('it is given up', 60_000, () => service.deployments()[0]?.status === 'CRASHED' || undefined);
    const cause = await causeOf();
    expect(cause).toMatchObject({ kind: 'unknown', restartMayHelp: true });
    expect(cause.lines.join('\n')).toContain('Process ended (SIGKILL)');
  });

  it('shows no secret of the variables', async () => {
    const { service } = production.railway;
    service.setVariable('DATABASE_URL', 'postgresql://app:hush-hush@127.0.0.1:1/db', false);
    await service.settled();
    const cause = await causeOf();
    expect(cause.kind).toBe('database');
    expect(JSON.stringify(cause)).not.toContain('hush-hush');
  });
});

async function setRolePassword(connectionString: string, password: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(`ALTER ROLE vendhub_app PASSWORD ${escapeLiteral(password)}`);
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'vendhub_app'",
    );
  } finally {
    await client.end();
  }
}
