import { parseArgs } from 'node:util';
import { connectToTemporal } from '../../../client/connection.ts';
import type { DrContext } from '../../../client/context.ts';
import { decisionScreen } from '../../../client/output/decision-screen.ts';
import { watchRecovery } from '../../../client/output/live-view.ts';
import { screenFor } from '../../../client/output/screen.ts';
import { runDr } from '../../../client/program.ts';
import type { RecoveryHandle } from '../../../client/recovery/run.ts';
import type { OpenDecision } from '../../../workflows/contracts/decisions.ts';
import { reportQuery, statusQuery } from '../../../workflows/contracts/messages.ts';
import { recoveryWorkflowId } from '../../../workflows/contracts/names.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import type { RecoveryStatus } from '../../../workflows/contracts/status.ts';
import { duration, utc, utcSecond } from '../../../workflows/runbook/format.ts';
import { type SandboxProduction, startSandbox } from '../index.ts';
import { startTraffic } from '../vendhub/index.ts';
import { startSandboxWorker } from '../worker/index.ts';
import { type Accident, deleteSalesByAccident, missingSales } from './accident.ts';
import { answerForPerson, askPerson, standIn } from './answer.ts';
import { leftovers } from './leftovers.ts';

const startedAt = Date.now();
const { values } = parseArgs({ options: { yes: { type: 'boolean', default: false } } });
const personPresent = !values.yes && process.stdin.isTTY && process.stdout.isTTY;

const say = (line = '') => console.log(line);
const heading = (text: string) => say(`\n== ${text}`);

const interrupted = new Promise<string[]>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => resolve([`interrupted by ${signal}`]));
  }
});

process.exit(await demo());

async function demo(): Promise<number> {
  heading('A production on this machine: PostgreSQL, Supabase and Railway APIs, S3, mail, Temporal');
  const sandbox = await startSandbox({ onProgress: (line) => say(`   ${line}`) });
  let failures: string[];
  try {
    const worker = await startSandboxWorker({ environment: sandbox.environment, folder: sandbox.folder });
    try {
      failures = await Promise.race([loseAndRecover(sandbox), interrupted]);
    } finally {
      heading('Cleaning up');
      await worker.stop();
    }
  } finally {
    await sandbox.stop();
  }
  failures.push(
    ...(await leftovers([sandbox.folder, sandbox.postgres.dataFolder])).map((left) => `still there: ${left}`),
  );
  for (const failure of failures) say(`   FAILED: ${failure}`);
  say(
    failures.length === 0
      ? `   Nothing is left running. The demo took ${duration(Date.now() - startedAt)}. Next: npm run sandbox`
      : '   The demo did not show what it should; see above.',
  );
  return failures.length === 0 ? 0 : 1;
}

async function loseAndRecover(sandbox: SandboxProduction): Promise<string[]> {
  const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
  try {
    heading('Customers are buying; then somebody forgets half of a WHERE');
    await salesReach(60, () => traffic.totals().acknowledged);
    const accident = await deleteSalesByAccident(sandbox.superuserUrl);
    const { sales, dispenseJobs } = accident.deleted;
    say(
      `   ${utc(accident.at)}: ${sales} sales and ${dispenseJobs} dispense jobs are gone, and customers go on buying.`,
    );
    await salesReach(90, () => traffic.totals().acknowledged);

    heading('On-call starts the recovery');
    const context = contextOf(sandbox);
    const start = [
      ...['start', 'data-loss', '--just-before', accident.at, '--incident-at', accident.at],
      ...['--reason', 'half of the sales are missing', '--as', 'oncall'],
    ];
    say(`   npx dr ${start.map(quoted).join(' ')}\n`);
    const started = await runDr(start, context);
    if (started !== 0) return [`dr start ended with exit code ${started}`];
    const report = await followAndAnswer(sandbox, context);

    heading('The report');
    await runDr(['report'], context);
    return await judge(sandbox, accident, report);
  } finally {
    await traffic.stop();
  }
}

async function followAndAnswer(
  sandbox: SandboxProduction,
  context: DrContext,
): Promise<RecoveryReport | null> {
  const { client } = sandbox.temporal.environment;
  const handle = client.workflow.getHandle<() => Promise<RecoveryReport>>(recoveryWorkflowId('sandbox'));
  const answered = new Set<string>();
  let lastSeen: RecoveryStatus | null = null;
  for (;;) {
    const decision = new AbortController();
    const opened = untilDecision(handle, answered, decision.signal);
    const watched = watchRecovery(handle, process.stdout, {
      environment: context.environment,
      now: context.now,
      signal: decision.signal,
      everyMs: 300,
      lastSeen,
    });
    const first = await Promise.race([opened, watched.then(() => null)]);
    decision.abort();
    const end = await watched;
    if (end.kind === 'stopped') lastSeen = end.lastSeen;
    if (first === null) return handle.query(reportQuery);
    const { status, open } = first;
    answered.add(open.id);
    say();
    for (const line of decisionScreen(status, open, screenFor(context))) say(line);
    const words = personPresent ? await askPerson(open) : answerForPerson(open);
    if (words === null) continue;
    if (!personPresent) {
      say(`\n   ${standIn} answers, since nobody is asked here: npx dr ${words.map(quoted).join(' ')}\n`);
    }
    const code = await runDr(words, context);
    if (code !== 0) answered.delete(open.id);
  }
}

function quoted(word: string): string {
  return word.includes(' ') ? `"${word}"` : word;
}

/** The first decision that is open and not answered yet; null when the watching has ended. */
async function untilDecision(
  handle: RecoveryHandle,
  answered: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<{ status: RecoveryStatus; open: OpenDecision } | null> {
  while (!signal.aborted) {
    const status = await handle.query(statusQuery).catch(() => null);
    if (status?.open && !answered.has(status.open.id)) return { status, open: status.open };
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return null;
}

async function judge(
  sandbox: SandboxProduction,
  accident: Accident,
  report: RecoveryReport | null,
): Promise<string[]> {
  heading('What the recovery says, against what the database knows');
  if (report === null || report.recoveryPoint === null) return ['there is no report'];
  const { targetUnix } = report.recoveryPoint;
  const { expected, missing } = await missingSales(sandbox.superuserUrl, accident, targetUnix);
  say(
    `   ${expected} sales were committed up to ${utcSecond(targetUnix)}; ${expected - missing} of them are back, ${missing} are missing.`,
  );
  const health = await fetch(`${sandbox.railway.applicationUrl}/health`).then(
    (answer) => answer.status,
    () => 0,
  );
  say(`   The application answers its health check with ${health || 'nothing'}.`);
  say(`   Verified (sandbox): this says nothing about the providers themselves.`);
  return [
    ...(report.outcome === 'recovered' ? [] : [`the outcome is ${report.outcome}: ${report.headline}`]),
    ...(missing === 0 ? [] : [`${missing} sales that were committed before the target are missing`]),
    ...(health === 200 ? [] : ['the application is not healthy']),
  ];
}

function contextOf(sandbox: SandboxProduction): DrContext {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: { ...process.env, ...sandbox.environment },
    now: () => new Date(),
    connect: connectToTemporal,
    interruption: () => new AbortController().signal,
  };
}

async function salesReach(count: number, acknowledged: () => number): Promise<void> {
  while (acknowledged() < count) await new Promise((resolve) => setTimeout(resolve, 50));
}
