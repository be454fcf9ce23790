import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../../../activities/adapters/postgres/index.ts';
import type { RowSink } from '../../../../activities/ports.ts';
import { connectionUrlFor } from '../../../sandbox/vendhub/connection-url.ts';
import { run, startVendHubDatabase, type VendHubDatabase } from '../../database/vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
});
afterAll(() => vendHub.cluster.dispose());

const openSessions = () =>
  run(
    vendHub.superuser,
    `SELECT application_name FROM pg_stat_activity WHERE application_name = 'vendhub-dr'`,
  );

function collectRows() {
  const found: string[] = [];
  let begun = '';
  const sink: RowSink = {
    row: (chunk, from, to, ends) => {
      begun += chunk.toString('utf8', from, to);
      if (ends) found.push(begun);
      if (ends) begun = '';
    },
    chunkRead: () => undefined,
  };
  return { found, sink };
}

describe('a session', () => {
  it('gives every value as exact text, whatever the server is set to', async () => {
    await run(
      vendHub.superuser,
      `ALTER ROLE postgres SET timezone = 'Asia/Tashkent'`,
      `ALTER ROLE postgres SET datestyle = 'German'`,
      `ALTER ROLE postgres SET bytea_output = 'escape'`,
      `ALTER ROLE postgres SET intervalstyle = 'iso_8601'`,
    );
    const [row] = await run(
      vendHub.operator,
      `SELECT timestamptz '2025-11-29 10:00:00.123456+05' AS moment, 9007199254740993::bigint AS big,
              0.1::float8 + 0.2 AS float, 1.10::numeric AS exact, interval '1 day 2 hours' AS span, '\\x00ff'::bytea AS bytes,
              7::int4 AS small, true AS yes, NULL AS nothing, ARRAY[1,2] AS list, '{"a": 1}'::json AS json`,
    );
    expect(row).toEqual({
      moment: '2025-11-29 05:00:00.123456+00',
      big: '9007199254740993',
      float: '0.30000000000000004',
      exact: '1.10',
      span: '1 day 02:00:00',
      bytes: '\\x00ff',
      small: 7,
      yes: true,
      nothing: null,
      list: '{1,2}',
      json: '{"a": 1}',
    });
  });

  it('shows its name while it is open, and is closed when its work fails', async () => {
    // One that was closed is still listed for a moment.
    await expect.poll(openSessions).toEqual([]);
    const work = vendHub.operator.session(async () => {
      expect(await openSessions()).toHaveLength(1);
      throw new RangeError('work failed');
    });
    await expect(work).rejects.toThrow(RangeError);
    await expect.poll(openSessions).toEqual([]);
  });

  it('hands a table over row by row', async () => {
    const rows = collectRows();
    await vendHub.operator.session((session) =>
      session.copyOut('COPY (SELECT id, name FROM public.machines ORDER BY id LIMIT 2) TO STDOUT', rows.sink),
    );
    expect(rows.found).toEqual(['1\tVH-M1\n', '2\tVH-M2\n']);
  });

  it('loses nothing of a large table when each chunk is awaited, and can be used afterwards', async () => {
    const rows = collectRows();
    const waiting = { ...rows.sink, chunkRead: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    const after = await vendHub.operator.session(async (session) => {
      await session.copyOut(
        `COPY (SELECT i, repeat('x', 1 + i % 999) FROM generate_series(1, 20000) i) TO STDOUT`,
        waiting,
      );
      return session.query('SELECT 1 AS one');
    });
    expect(rows.found).toEqual(
      Array.from({ length: 20_000 }, (_, index) => `${index + 1}\t${'x'.repeat(1 + ((index + 1) % 999))}\n`),
    );
    expect(after).toEqual({ rows: [{ one: 1 }], rowCount: 1 });
  });

  it('fails a copy as it fails a query, and can be used afterwards', async () => {
    const after = vendHub.operator.session(async (session) => {
      await expect(
        session.copyOut('COPY public.nothing TO STDOUT', collectRows().sink),
      ).rejects.toMatchObject({
        type: 'database-query-failed',
      });
      return await session.query('SELECT 1 AS one');
    });
    await expect(after).resolves.toEqual({ rows: [{ one: 1 }], rowCount: 1 });
  });

  it.each<[string, () => RowSink]>([
    [
      'a row',
      () => ({
        ...collectRows().sink,
        row: () => {
          throw new RangeError('no more');
        },
      }),
    ],
    [
      'a chunk',
      () => ({ ...collectRows().sink, chunkRead: () => Promise.reject(new RangeError('no more')) }),
    ],
  ])('fails with what the sink fails with at %s, and closes', async (_what, sink) => {
    const copying = vendHub.operator.session((session) =>
      session.copyOut(`COPY (SELECT repeat($$x$$, 1000) FROM generate_series(1, 100000)) TO STDOUT`, sink()),
    );
    await expect(copying).rejects.toThrow(RangeError);
    await expect.poll(openSessions).toEqual([]);
  });

  it('says the SQLSTATE and the message of a failed statement, and never its parameters', async () => {
    const failing = vendHub.operator.session((session) =>
      session.query('SELECT $1::int4', ['a secret of somebody']),
    );
    await expect(failing).rejects.toMatchObject({
      type: 'database-query-failed',
      explanation: { happened: expect.stringContaining('SQLSTATE 22P02: invalid input syntax') },
      message: expect.not.stringContaining('secret'),
    });
  });

  it('is unreachable when its connection is ended by the server', async () => {
    const ended = vendHub.operator.session(async (session) => {
      await run(
        vendHub.superuser,
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'vendhub-dr'`,
      );
      await session.query('SELECT 1');
    });
    await expect(ended).rejects.toMatchObject({ type: 'database-unreachable', retried: true });
  });

  it('is unreachable when a statement takes longer than it may', async () => {
    const hurried = createPostgresDatabase({ connectionString: vendHub.operatorUrl, statementTimeoutMs: 50 });
    await expect(run(hurried, 'SELECT pg_sleep(60)')).rejects.toMatchObject({ type: 'database-unreachable' });
  });
});

describe('an operator who cannot get in', () => {
  const withPassword = (password: string, database = 'vendhub') =>
    connectionUrlFor(vendHub.operatorUrl, { user: 'postgres', password, database });

  it('is refused with a wrong password or database, and the message shows neither password nor address', async () => {
    for (const url of [withPassword('wrong-password'), withPassword('operator-password', 'nowhere')]) {
      const refused = run(createPostgresDatabase({ connectionString: url }), 'SELECT 1');
      await expect(refused).rejects.toMatchObject({
        type: 'database-login-refused',
        message: expect.not.stringMatching(/wrong-password|operator-password|127\.0\.0\.1/),
      });
    }
  });

  it('finds the database unreachable where nothing listens', async () => {
    const nobody = createPostgresDatabase({ connectionString: 'postgresql://a:secret@127.0.0.1:1/b' });
    await expect(run(nobody, 'SELECT 1')).rejects.toMatchObject({
      type: 'database-unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is told that a connection string cannot be read, without seeing it', async () => {
    const unreadable = createPostgresDatabase({ connectionString: 'postgresql://a:se%cret@host:port/b' });
    await expect(run(unreadable, 'SELECT 1')).rejects.toMatchObject({
      type: 'configuration-invalid',
      message: expect.not.stringContaining('cret'),
      cause: undefined,
    });
  });

  it('is told that a server without TLS cannot be trusted', async () => {
    const demanding = createPostgresDatabase({
      connectionString: `${vendHub.operatorUrl}?sslmode=verify-full`,
    });
    await expect(run(demanding, 'SELECT 1')).rejects.toMatchObject({ type: 'configuration-invalid' });
  });
});

describe('trying a login of the application', () => {
  const application = (password: string, database = 'vendhub') =>
    connectionUrlFor(vendHub.applicationUrl, { user: 'vendhub_app', password, database });

  it('tells an accepted password from a refused one', async () => {
    expect(await vendHub.operator.tryLogin(vendHub.applicationUrl)).toBe('accepted');
    expect(await vendHub.operator.tryLogin(application('another'))).toBe('refused');
  });

  it('says unreachable where nothing is learnt about the password', async () => {
    expect(await vendHub.operator.tryLogin('postgresql://a:b@127.0.0.1:1/c')).toBe('unreachable');
    expect(await vendHub.operator.tryLogin(application('first-password', 'nowhere'))).toBe('unreachable');
    expect(await vendHub.operator.tryLogin('not a connection string')).toBe('unreachable');
    const open = vendHub.cluster.networkRestrictions();
    await vendHub.cluster.setNetworkRestrictions(['10.1.2.3/32']);
    try {
      expect(await vendHub.operator.tryLogin(application('another'))).toBe('unreachable');
    } finally {
      await vendHub.cluster.setNetworkRestrictions(open);
    }
  });
});
