import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locatePostgres } from '../../activities/adapters/toolbox/index.ts';
import { type SandboxProduction, startSandbox } from './index.ts';
import { temporaryFolderRoot } from './postgres/index.ts';
import { type SandboxStandby, startSandboxStandby } from './standby/index.ts';
import { startTraffic } from './vendhub/index.ts';
import { startSandboxWorker } from './worker/index.ts';

const say = (line = '') => console.log(line);

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort());

const sandbox = await startSandbox({ onProgress: (line) => say(`  ${line}`) });
try {
  const serverFolder = await mkdtemp(join(await temporaryFolderRoot(), 'vendhub-standby-'));
  try {
    say('  starting a standby environment');
    const standby = await startSandboxStandby({ production: sandbox, serverFolder });
    try {
      await serve(sandbox, standby);
    } finally {
      await standby.stop();
    }
  } finally {
    await rm(serverFolder, { recursive: true, force: true });
  }
} finally {
  await sandbox.stop();
}
say('Everything is stopped and its folders are removed.');

/** Serves customers until this is stopped. */
async function serve(production: SandboxProduction, standby: SandboxStandby): Promise<void> {
  const worker = await startSandboxWorker({
    environment: { ...production.environment, ...standby.environment },
    folder: production.folder,
  });
  const traffic = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 10 });
  try {
    tell(production, standby, await writeAccident(production));
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
    say('\nStopping …');
  } finally {
    await traffic.stop();
    await worker.stop();
  }
}

/** A command that deletes sales as an accident would, and prints the moment. Its secrets stay in its file. */
async function writeAccident({ folder, superuserUrl }: SandboxProduction): Promise<string> {
  const { path } = await locatePostgres();
  const accident = join(folder, 'accident');
  const url = new URL(superuserUrl);
  const sql = [
    'BEGIN',
    'DELETE FROM public.dispense_jobs WHERE sale_id % 2 = 0',
    'DELETE FROM public.sales WHERE id % 2 = 0',
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\\"T\\"HH24:MI:SS.MS\\"Z\\"')`,
    'COMMIT',
  ];
  const script = [
    '#!/bin/sh',
    `export PGHOST=${url.hostname} PGPORT=${url.port} PGDATABASE=${url.pathname.slice(1)}`,
    `export PGUSER=${url.username} PGPASSWORD=${decodeURIComponent(url.password)}`,
    `moment=$(${join(path, 'psql')} -XqtA -v ON_ERROR_STOP=1 -c "${sql.join('; ')}") || exit 1`,
    'cat <<END',
    'Half of the sales are gone. On-call would now type:',
    'npx dr start data-loss --just-before $moment --incident-at $moment \\\\',
    '  --reason "half of the sales are gone" --as oncall --watch',
    'END',
  ];
  await writeFile(accident, `${script.join('\n')}\n`, { mode: 0o700 });
  await chmod(accident, 0o700);
  return accident;
}

function tell(
  { temporal, supabase, railway, s3, smtp, postgres, environment }: SandboxProduction,
  standby: SandboxStandby,
  accident: string,
): void {
  say(`
VendHub is running on this machine, customers are buying, one base backup is taken.

  Temporal Web UI     ${temporal.uiUrl}
  Application         ${railway.applicationUrl}/health
  Its users' address  ${standby.frontDoor.url}/health
  Standby environment ${standby.applicationUrl}/health, PostgreSQL 127.0.0.1:${standby.postgres.port}
  Mail inbox          ${smtp.inboxUrl}
  Supabase API        ${supabase.url}   (calls: /_sandbox/calls)
  Railway GraphQL     ${railway.endpoint}
  Object store (S3)   ${s3.endpoint}
  PostgreSQL          127.0.0.1:${postgres.port}, database vendhub
  Temporal            ${temporal.address}

Try this, in another terminal, in this folder:

1. Point the dr command at this sandbox:
   export TEMPORAL_ADDRESS=${temporal.address} DR_ENVIRONMENT=${environment['DR_ENVIRONMENT']} \\
     DR_TEMPORAL_UI=${temporal.uiUrl}

2. Lose data; it prints what on-call would type next:
   ${accident}

3. Start the recovery with that command. Approve as admin, with the command
   that the screen shows, in a third terminal, or in the Web UI.

Crash the application instead: push a version that throws when it starts, or
one that runs out of memory (v3-exhausts-memory-after-5-requests), and recover:
   curl -X POST ${new URL('/_sandbox/push/v3-throws-on-start', railway.endpoint).href}
   npx dr start application-crash --reason "no answer" --as oncall --watch

Let the monitor notice by itself: it proposes what it sees and waits for a yes,
but recovers a crash at once. Start it, then lose data or crash as above:
   npx dr monitor start
   npx dr monitor

Lose everything, and let a drill recover it at the standby environment:
   npx dr drill complete-failure --simulate-approvals --as oncall --watch

Make it harder: a fault on a call of the provider. Here it takes the restore
request, and its answer is lost:
   curl -X PUT ${supabase.url}/_sandbox/faults \\
     -H 'content-type: application/json' \\
     -d '{"operation":"restore-pitr","fault":{"kind":"drop-after"},"times":1}'
   (what can be switched: GET ${supabase.url}/_sandbox/faults)

Ctrl-C stops everything and removes it.`);
}
