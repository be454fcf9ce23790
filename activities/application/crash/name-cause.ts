import { Context } from '@temporalio/activity';
import type { CrashCause } from '../../../workflows/contracts/crash.ts';
import { DrError } from '../../errors.ts';
import type { Deployment, LogLine } from '../../ports.ts';
import { decideCause } from './decide-cause.ts';
import type { CrashDependencies } from './dependencies.ts';
import { deploymentEvidence } from './deployment-evidence.ts';
import type { DatabaseAddress } from './symptoms.ts';

/** What {@link nameCause} takes. */
export interface NameCauseInput {
  /** Variables that hold connection strings of the application's databases. */
  readonly databaseVariables: readonly string[];
  /** A deployment that fails this soon after it was made is a bad one, ms. */
  readonly newDeploymentMs: number;
  /** RFC 3339, UTC: only what was written since then counts, because restarts were tried in vain since then. */
  readonly restartedAt: string | null;
}

const logLines = 500;
/** What was written longer before the last line is of an earlier life. */
const lookBackMs = 600_000;
const loginTries = 3;

/**
 * Reads the logs of the deployment that has the application, and names why it fails, with the lines that show it.
 * Where they speak of the database, or of nothing, a login with the application's own connection string is tried.
 *
 * @throws DrError the `provider-*` errors
 */
export async function nameCause(dependencies: CrashDependencies, input: NameCauseInput): Promise<CrashCause> {
  const { platform, probe } = dependencies;
  const context = Context.current();
  const deployment = failing(await platform.deployments());
  const [logs, buildLines, variables, answer] = await Promise.all([
    deployment === undefined ? [] : whereTold(platform.logs(deployment.id, logLines)),
    deployment?.status === 'failed' ? whereTold(platform.buildLogs(deployment.id, logLines)) : [],
    platform.variables(),
    probe.probe(),
  ]);
  context.heartbeat();
  const probed: LogLine[] = answer.healthy
    ? []
    : [{ at: new Date().toISOString(), severity: 'probe', message: answer.detail }];
  const connectionString = await firstVariable(dependencies, input.databaseVariables);
  return decideCause({
    deployment: deployment === undefined ? null : deploymentEvidence(deployment),
    status: deployment?.status ?? null,
    lines: [...lastLife(logs, input.restartedAt), ...probed],
    buildLines,
    databaseAddress: addressOf(connectionString),
    databaseLogin: await tryLogin(dependencies, connectionString),
    variablesNow: Object.keys(variables),
    newDeploymentMs: input.newDeploymentMs,
    outlivedRestarts: input.restartedAt !== null,
  });
}

/** A platform that keeps no log of a deployment must not keep it from being restarted. */
async function whereTold(lines: Promise<readonly LogLine[]>): Promise<readonly LogLine[]> {
  try {
    return await lines;
  } catch (error) {
    if (error instanceof DrError && error.type === 'provider-refused') return [];
    throw error;
  }
}

/** The deployment that runs and is not healthy, or else the newest, which does not run. */
function failing(deployments: readonly Deployment[]): Deployment | undefined {
  return deployments.find(({ status }) => status === 'running') ?? deployments[0];
}

function lastLife(lines: readonly LogLine[], restartedAt: string | null): readonly LogLine[] {
  const newest = lines.at(-1);
  if (newest === undefined) return [];
  const since = Date.parse(newest.at) - lookBackMs;
  const restarted = restartedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(restartedAt);
  const recent = lines.filter(({ at }) => Date.parse(at) >= Math.max(since, restarted));
  return recent.length > 0 ? recent : lines.filter(({ at }) => Date.parse(at) >= since);
}

async function firstVariable(
  { platform }: CrashDependencies,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    const value = await platform.variable(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A server that is just restarting is given a moment. */
async function tryLogin(
  { database, pollEveryMs }: CrashDependencies,
  connectionString: string | undefined,
): Promise<CrashCause['databaseLogin']> {
  if (connectionString === undefined || addressOf(connectionString) === null) return null;
  const context = Context.current();
  for (let tries = 1; ; tries += 1) {
    const login = await database.tryLogin(connectionString);
    context.heartbeat();
    if (login !== 'unreachable' || tries >= loginTries) return login;
    await context.sleep(pollEveryMs);
  }
}

function addressOf(connectionString: string | undefined): DatabaseAddress | null {
  if (connectionString === undefined || !URL.canParse(connectionString)) return null;
  const { hostname, port } = new URL(connectionString);
  return hostname === '' ? null : { host: hostname, port: port === '' ? '5432' : port };
}
