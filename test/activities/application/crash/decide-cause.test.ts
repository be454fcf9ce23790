import { describe, expect, it } from 'vitest';
import { type CrashEvidence, decideCause } from '../../../../activities/application/crash/decide-cause.ts';

const at = '2026-01-31T03:00:00.000Z';
const day = 86_400_000;

const causeOf = (messages: readonly string[], change: Partial<CrashEvidence> = {}) =>
  decideCause({
    deployment: { id: 'd1', status: 'CRASHED', createdAt: '2026-01-01T00:00:00.000Z', commit: null },
    status: 'crashed',
    lines: messages.map((message) => ({ at, severity: 'error', message })),
    buildLines: [],
    databaseAddress: { host: 'db.vendhub.test', port: '5432' },
    databaseLogin: 'accepted',
    variablesNow: ['DATABASE_URL'],
    newDeploymentMs: 60_000,
    outlivedRestarts: false,
    ...change,
  });

describe('the cause by lines as other programs write them', () => {
  it.for([
    ['<--- Last few GCs --->', 'unknown'],
    [
      'FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory',
      'out-of-memory',
    ],
    ['Container was OOMKilled', 'out-of-memory'],
    ['npm error Lifecycle script `start` failed with error: exited with code 137', 'out-of-memory'],
    ['Error: Missing required environment variable: STRIPE_SECRET_KEY', 'missing-variable'],
    ['error: Environment variable not found: DATABASE_URL.', 'missing-variable'],
    ['ZodError: JWT_SECRET is required', 'missing-variable'],
    ['configuration invalid problems=["DATABASE_URL must be a postgresql:// URL"]', 'missing-variable'],
    ['ReferenceError: PRICE_LIST is not defined', 'unhandled-exception'],
    ['PrismaClientInitializationError: P1001: Can’t reach database server', 'database'],
    ['Error: connect ECONNREFUSED 10.0.0.5:5432', 'database'],
    ['Error: getaddrinfo ENOTFOUND db.vendhub.test', 'database'],
    ['Error: connect ECONNREFUSED 10.0.0.9:6379', 'unhandled-exception'],
    ['FATAL: password authentication failed for user "vendhub_app"', 'database'],
    ['FATAL: sorry, too many clients already', 'database'],
    ['error: invalid page in block 3 of relation base/16384/16397', 'database'],
    ['TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string', 'unhandled-exception'],
    ['Unhandled Promise Rejection: nothing was sold', 'unhandled-exception'],
    ["Error: Cannot find module 'express'", 'unhandled-exception'],
    ['Traceback (most recent call last):', 'unhandled-exception'],
    ['SIGTERM received, shutting down', 'unknown'],
    ['GET /api/products?sort=Error: 200', 'unknown'],
  ] as const)('"%s" is %s', ([message, kind]) => {
    expect(causeOf([message]).kind).toBe(kind);
  });
});

describe('the cause by lines that speak of more than one thing', () => {
  const lost = 'Error: connect ECONNREFUSED 10.0.0.5:5432';
  const thrown = 'TypeError: x is not a function';

  it('is what came last of a lost database and an exception', () => {
    expect(causeOf([lost, thrown]).kind).toBe('unhandled-exception');
    expect(causeOf([thrown, lost]).kind).toBe('database');
  });

  it('is the database when its login fails and the log speaks of it', () => {
    expect(causeOf([lost, thrown], { databaseLogin: 'unreachable' })).toMatchObject({
      kind: 'database',
      onlyDatabaseCanBeMended: true,
    });
  });

  it('is not the database only because the worker cannot reach it', () => {
    expect(causeOf([thrown], { databaseLogin: 'unreachable' }).kind).toBe('unhandled-exception');
  });

  it('lies in the database alone when its data is damaged, whatever the login says', () => {
    expect(causeOf(['could not read block 7 in file "base/1/2"'])).toMatchObject({
      kind: 'database',
      restartMayHelp: false,
      onlyDatabaseCanBeMended: true,
    });
  });

  it('lies in the database alone when restarts did not bring it back', () => {
    expect(causeOf([lost])).toMatchObject({ restartMayHelp: true, onlyDatabaseCanBeMended: false });
    expect(causeOf([lost], { outlivedRestarts: true })).toMatchObject({
      restartMayHelp: false,
      onlyDatabaseCanBeMended: true,
    });
  });
});

describe('a new deployment', () => {
  const young = { newDeploymentMs: 365 * day };

  it('that the platform gave up is bad, and a restart is no help', () => {
    expect(causeOf(['TypeError: x'], young)).toMatchObject({ kind: 'bad-deployment', restartMayHelp: false });
  });

  it('that still runs may have failed once only, so it is restarted and watched first', () => {
    expect(causeOf(['TypeError: x'], { ...young, status: 'running' })).toMatchObject({
      kind: 'bad-deployment',
      restartMayHelp: true,
    });
  });

  it('that was killed without a word is bad only once restarts did not help', () => {
    expect(causeOf(['Process ended'], young).kind).toBe('unknown');
    expect(causeOf(['Process ended'], { ...young, outlivedRestarts: true }).kind).toBe('bad-deployment');
  });
});

it('shows lines without what looks like a secret', () => {
  const { lines } = causeOf(['TypeError: cannot parse postgresql://app:hush-hush@db/vendhub']);
  expect(lines).toEqual([`${at} error TypeError: cannot parse [removed]`]);
});
