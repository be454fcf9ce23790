import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { execa } from 'execa';
import { createPostgresDatabase } from '../../activities/adapters/postgres/index.ts';
import { exportDatabase } from '../../activities/backup/export-database.ts';
import { sealedExport } from '../../activities/backup/export-file.ts';
import { importDatabase } from '../../activities/backup/import-database.ts';
import { writeExport } from '../../activities/backup/write-export.ts';
import { measureInTurn, reportTurns } from './in-turn.ts';
import { startSampleDatabase } from './sample-database.ts';

/**
 * Exports and imports a database, in turn with pg_dump and psql: `node --import tsx test/bench/export.ts [pairs]`, with
 * BENCH_ROWS other than 1,000,000 on request. It runs inside a process that is up, as the worker is, and once by the
 * command that people type, start and all.
 */
const rows = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const turns = Number(process.argv[2] ?? 5);
const limits = { export: 1.0, import: 1.3, memoryMb: 200 } as const;
const megabytes = (kilobytes: number) => (kilobytes * 1024) / 1_000_000;
/** Makes every Node process of a command say how much memory it held at most, in KiB. */
const tellPeak = `data:text/javascript;base64,${btoa("process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))")}`;

const folder = await mkdtemp(join(tmpdir(), 'bench-export-'));
const database = await startSampleDatabase(rows);
try {
  const file = (name: string) => join(folder, name);
  const [json, sql, schema] = [file('export.json'), file('dump.sql'), file('schema.sql')];
  const roots = [database.cluster.processId() ?? process.pid];
  const source = createPostgresDatabase({ connectionString: database.at('postgres') });
  await database.dump(schema, '--schema-only');

  const pgDump = { run: () => database.dump(sql) };
  const ours = {
    run: () =>
      source.session(async (session) => {
        const output = createWriteStream(json);
        const helpers = { database: source, sessions: 1 };
        await writeExport(exportDatabase({ session, schemas: ['public'], helpers }), output);
        await finished(output.end());
      }),
  };
  const exports = await measureInTurn({ ours, theirs: pgDump }, { turns, roots });
  const [jsonSize, sqlSize] = await Promise.all([stat(json), stat(sql)]);
  console.log(`${rows} rows; export ${jsonSize.size} bytes, dump ${sqlSize.size} bytes`);
  reportTurns('export against pg_dump plain', exports, limits.export);

  const peaks: number[] = [];
  const command = (name: string, target: string, redirect: string) => async () => {
    const { stderr } = await execa(`npm run -s ${name} ${redirect}`, {
      shell: true,
      env: { DATABASE_URL: database.at(target), NODE_OPTIONS: `--import=${tellPeak}` },
    });
    for (const [, kilobytes] of stderr.matchAll(/^peak (\d+)$/gm)) peaks.push(megabytes(Number(kilobytes)));
  };
  reportTurns(
    '  the same by npm run -s db:export, with its start',
    await measureInTurn(
      { ours: { run: command('db:export', 'postgres', `> ${json}`) }, theirs: pgDump },
      { turns, roots },
    ),
  );

  const prepared = {
    prepare: async () => {
      await database.empty('ours');
      await database.load('ours', schema);
    },
  };
  const psql = { prepare: () => database.empty('theirs'), run: () => database.load('theirs', sql) };
  const importOurs = async () => {
    const handle = await open(json, 'r');
    try {
      const sealed = await sealedExport(handle.fd, (await handle.stat()).size);
      const target = createPostgresDatabase({ connectionString: database.at('ours') });
      await importDatabase({ database: target, file: sealed }, { mode: 'refuse' });
    } finally {
      await handle.close();
    }
  };
  reportTurns(
    'import against psql of that dump',
    await measureInTurn({ ours: { ...prepared, run: importOurs }, theirs: psql }, { turns, roots }),
    limits.import,
  );
  reportTurns(
    '  the same by npm run -s db:import, with its start',
    await measureInTurn(
      { ours: { ...prepared, run: command('db:import', 'ours', `< ${json}`) }, theirs: psql },
      { turns, roots },
    ),
  );
  const [there, here] = [Math.max(...peaks), megabytes(process.resourceUsage().maxRSS)];
  console.log(
    `peak memory: ${there.toFixed(0)} MB in the commands, ${here.toFixed(0)} MB here; target at most ${limits.memoryMb}: ${Math.max(there, here) <= limits.memoryMb ? 'met' : 'MISSED'}`,
  );
} finally {
  await database.dispose();
  await rm(folder, { recursive: true, force: true });
}
