import { Command } from 'commander';
import { createPostgresDatabase } from '../../activities/adapters/postgres/index.ts';
import { exportDatabase } from '../../activities/backup/export-database.ts';
import { writeExport } from '../../activities/backup/write-export.ts';
import { policy } from '../policy.ts';
import { readDatabaseUrl } from './database-url.ts';
import { loginsIfRefused } from './logins-if-refused.ts';
import { progressLine } from './progress-line.ts';
import { collect, runCommand } from './run-command.ts';

/** Sessions that read beside the first: with two in all, the reading keeps two processors busy. */
const helperSessions = 1;

interface Options {
  readonly table?: readonly string[];
  readonly schema?: readonly string[];
  readonly databaseUrl?: string;
}

async function exportToStandardOutput(options: Options): Promise<void> {
  const connectionString = readDatabaseUrl(options.databaseUrl, process.env);
  const database = createPostgresDatabase({
    connectionString,
    applicationName: 'vendhub-dr export',
    ...(options.databaseUrl === undefined && {
      alternatives: loginsIfRefused(connectionString, process.env),
    }),
  });
  const progress = progressLine(process.stderr, 'Exported');
  try {
    await database.session(async (session) => {
      const underWay = exportDatabase({
        session,
        schemas: options.schema ?? policy.schemas,
        ...(options.table !== undefined && { tables: options.table }),
        helpers: { database, sessions: helperSessions },
      });
      await writeExport(underWay, process.stdout, progress.show);
    });
  } finally {
    progress.clear();
  }
}

const command = new Command('db:export')
  .description('Writes the database to standard output as one JSON document. Works without Temporal.')
  .option('--table <name>', 'only this table (repeatable; name or schema.name)', collect)
  .option('--schema <name>', `only this schema (repeatable; default: ${policy.schemas.join(', ')})`, collect)
  .option('--database-url <url>', 'another database than DATABASE_URL')
  .addHelpText(
    'after',
    '\nExamples:\n  pnpm db:export > backup.json\n  pnpm db:export --table users > users.json\n  npm run -s db:export > backup.json',
  )
  .action(exportToStandardOutput);

await runCommand(command, process.argv.slice(2));
