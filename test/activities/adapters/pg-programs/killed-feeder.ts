import { createPostgresPrograms } from '../../../../activities/adapters/pg-programs/index.ts';
import { locatePostgres } from '../../../../activities/adapters/toolbox/index.ts';

/** The process that `postgres-programs.test.ts` kills: it has sent some rows of a table and sends no more. */
async function* stopping(): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from('CREATE TABLE broken (a int);\nCOPY broken (a) FROM stdin;\n1\n2\n');
  const alive = setInterval(() => undefined, 60_000);
  await new Promise<never>(() => undefined);
  clearInterval(alive);
}
const programs = createPostgresPrograms({ binFolder: (await locatePostgres()).path });
await programs.runSql({ connectionString: process.env['FEEDER_URL'] ?? '', script: stopping() });
