import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { proveSilence } from '../../../activities/database/prove-silence.ts';
import { run, startVendHubDatabase, type VendHubDatabase } from './vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
});
afterAll(() => vendHub.cluster.dispose());

const sale = `UPDATE public.machines SET status = status WHERE id = 1`;

describe('a proof of silence', () => {
  it('is given when nobody writes, while others only read', async () => {
    const proof = await vendHub.application.session(async (session) => {
      await session.query('SELECT count(*) FROM public.sales');
      return await proveSilence(vendHub.operator, { quietMs: 300, deadlineMs: 20_000 });
    });
    expect(proof.nextTransactionId).toMatch(/^\d+$/);
    expect(new Date(proof.to).getTime() - new Date(proof.from).getTime()).toBeGreaterThanOrEqual(300);
  });

  it('starts over at a write, and ends with the id after it', async () => {
    const idBefore = await proveSilence(vendHub.operator, { quietMs: 50, deadlineMs: 20_000 });
    let written: Promise<unknown> | undefined;
    const watching = {
      ...vendHub.operator,
      session: <T>(use: Parameters<typeof vendHub.operator.session<T>>[0]) =>
        vendHub.operator.session<T>((session) =>
          use({
            ...session,
            query: async (...statement) => {
              const answer = await session.query(...statement);
              written ??= run(vendHub.application, sale);
              await written;
              return answer;
            },
          }),
        ),
    };
    const proof = await proveSilence(watching, { quietMs: 200, deadlineMs: 20_000 });
    expect(BigInt(proof.nextTransactionId)).toBeGreaterThan(BigInt(idBefore.nextTransactionId));
  });

  it('is refused, naming the session, while a write is open although its id never changes', async () => {
    const attempt = vendHub.application.session(async (session) => {
      await session.query('BEGIN');
      await session.query(sale);
      await session.query(`SELECT 'a secret of the application'`);
      return await proveSilence(vendHub.operator, { quietMs: 50, deadlineMs: 400 });
    });
    await expect(attempt).rejects.toMatchObject({
      type: 'writers-not-silent',
      retried: false,
      explanation: {
        happened: expect.stringMatching(
          /Seen writing: vendhub as vendhub_app from 127\.0\.0\.1 \(idle in transaction, client backend\)\. Connected/,
        ),
      },
      message: expect.not.stringContaining('secret'),
    });
  });

  it('sees an open write also as a role that may not look at the sessions of others', async () => {
    await run(vendHub.superuser, `CREATE ROLE plain LOGIN PASSWORD 'plain'`);
    const plain = createPostgresDatabase({
      connectionString: vendHub.cluster.connectionString({ name: 'plain', password: 'plain' }, 'vendhub'),
    });
    const attempt = vendHub.application.session(async (session) => {
      await session.query('BEGIN');
      await session.query(sale);
      return await proveSilence(plain, { quietMs: 50, deadlineMs: 400 });
    });
    await expect(attempt).rejects.toMatchObject({
      type: 'writers-not-silent',
      explanation: { happened: expect.stringContaining('Seen writing: vendhub as vendhub_app') },
    });
  });

  it('is refused while many small writes go on, none of them ever seen open', async () => {
    let proving = true;
    const writer = vendHub.application.session(async (session) => {
      while (proving) await session.query(sale);
    });
    const attempt = proveSilence(vendHub.operator, { quietMs: 1_000, deadlineMs: 2_500 });
    await expect(attempt).rejects.toMatchObject({
      type: 'writers-not-silent',
      explanation: { happened: expect.stringContaining('vendhub as vendhub_app') },
    });
    proving = false;
    await writer;
  });
});
