import { fstatSync } from 'node:fs';
import { Command } from 'commander';
import { createPostgresDatabase } from '../../activities/adapters/postgres/index.ts';
import { type SealedExport, sealedExport, spool } from '../../activities/backup/export-file.ts';
import { type ImportMode, importDatabase } from '../../activities/backup/import-database.ts';
import { DrError } from '../../activities/errors.ts';
import { readDatabaseUrl } from './database-url.ts';
import { loginsIfRefused } from './logins-if-refused.ts';
import { progressLine } from './progress-line.ts';
import { collect, runCommand } from './run-command.ts';

const standardInput = 0;

interface Options {
  readonly table?: readonly string[];
  readonly schema?: string;
  readonly databaseUrl?: string;
  readonly replace?: true;
  readonly upsert?: true;
}

async function importStandardInput(options: Options): Promise<void> {
  const mode = modeOf(options);
  const connectionString = readDatabaseUrl(options.databaseUrl, process.env);
  const database = createPostgresDatabase({
    connectionString,
    applicationName: 'vendhub-dr import',
    ...(options.databaseUrl === undefined && {
      alternatives: loginsIfRefused(connectionString, process.env),
    }),
  });
  await withStandardInput(async (file) => {
    const progress = progressLine(process.stderr, 'Loaded');
    const loaded = await importDatabase(
      { database, file },
      {
        mode,
        progress: progress.show,
        ...(options.table !== undefined && { tables: options.table }),
        ...(options.schema !== undefined && { schema: options.schema }),
      },
    ).finally(progress.clear);
    const rows = loaded.reduce((sum, table) => sum + table.rows, 0);
    const tables = `${loaded.length} ${loaded.length === 1 ? 'table' : 'tables'}`;
    process.stdout.write(
      `Loaded ${rows} rows into ${tables}, as of ${file.header.snapshotAt}; the counts were checked.\n`,
    );
  });
}

function modeOf({ replace, upsert }: Options): ImportMode {
  if (replace === true && upsert === true) {
    throw new DrError('input-invalid', {
      happened: '--replace and --upsert exclude each other.',
      meaning: 'Nothing was done.',
      next: 'Give one of them.',
    });
  }
  if (replace === true) return 'replace';
  return upsert === true ? 'upsert' : 'refuse';
}

/** A file is read where it lies; what comes through a pipe is kept until its end has been seen. */
async function withStandardInput(use: (file: SealedExport) => Promise<void>): Promise<void> {
  if (process.stdin.isTTY) {
    throw new DrError('input-invalid', {
      happened: 'There is nothing to read on standard input.',
      meaning: 'Nothing was done.',
      next: 'Give it an export: pnpm db:import < backup.json',
    });
  }
  const standing = fstatSync(standardInput);
  if (standing.isFile()) {
    await use(await sealedExport(standardInput, standing.size));
    return;
  }
  const spooled = await spool(process.stdin);
  try {
    await use(await sealedExport(spooled.fd, await spooled.size()));
  } finally {
    await spooled.close();
  }
}

const command = new Command('db:import')
  .description(
    'Loads an export from standard input, all of it or nothing. The schema must exist. Works without Temporal.',
  )
  .option('--table <name>', 'only this table of the export (repeatable; name or schema.name)', collect)
  .option('--schema <name>', 'load into this schema instead of the one in the export')
  .option('--database-url <url>', 'another database than DATABASE_URL')
  .option('--replace', 'empty the tables first')
  .option('--upsert', 'keep the rows that are there; overwrite those of the same primary key')
  .addHelpText(
    'after',
    '\nExamples:\n  pnpm db:import < backup.json\n  pnpm db:import --table users --upsert < users.json\n\nExit codes: 0 loaded; 1 failed or damaged file, nothing changed; 2 asked wrongly, such as tables that hold rows.',
  )
  .action(importStandardInput);

await runCommand(command, process.argv.slice(2));
