import { activeDeployment } from '../../application/active-deployment.ts';
import { DrError } from '../../errors.ts';
import type { Deployment, LogLine } from '../../ports.ts';
import type { Look, LookContext, ProbeGroup } from '../look.ts';
import { notKnown, type Reading } from '../reading.ts';

const logLinesRead = 500;
const silence: ReadonlySet<string> = new Set(['provider-unavailable', 'provider-timeout']);
const errorSeverities = /^(error|fatal|critical|alert|emergency|panic)$/i;
const aRunningDeployment = 'a deployment that runs, and none that failed since';

/** The platform of the application: how its deployments stand, and what the one that runs writes to its log. */
export const applicationPlatformProbes: ProbeGroup = {
  name: 'application-platform',
  signals: ['deployment', 'error-rate'],
  duringRecovery: true,
  everyMs: ({ everyMs }) => everyMs.platform,
  patienceMs: ({ patienceMs }) => patienceMs.other,
  async look(context): Promise<Look> {
    let deployments: readonly Deployment[];
    try {
      deployments = await context.dependencies.applicationPlatform.deployments();
    } catch (error) {
      return { readings: [noAnswer(error), errorRate(context, null)] };
    }
    const active = activeDeployment(deployments);
    const lines = active === undefined ? [] : await readLog(context, active.id);
    return { readings: [deploymentReading(deployments, active), errorRate(context, lines)] };
  },
};

function noAnswer(error: unknown): Reading {
  if (!(error instanceof DrError) || !silence.has(error.type)) {
    return notKnown('deployment', error, aRunningDeployment);
  }
  return {
    signal: 'deployment',
    verdict: 'bad',
    found: `The platform of the application does not answer: ${error.explanation.happened}`,
    expected: aRunningDeployment,
    unreachable: ['application-platform'],
    tellsOnly: true,
  };
}

function deploymentReading(deployments: readonly Deployment[], active: Deployment | undefined): Reading {
  const [newest] = deployments;
  const base = { signal: 'deployment', expected: aRunningDeployment } as const;
  if (newest === undefined) {
    return { ...base, verdict: 'unknown', found: 'not known: the platform lists no deployment' };
  }
  const failed = newest.status === 'failed' || newest.status === 'crashed';
  const told = `deployment ${newest.id} of ${newest.createdAt} is ${newest.rawStatus}`;
  if (active?.status === 'running') {
    if (!failed) return { ...base, verdict: 'good', found: `The ${told}.` };
    // Users have the older one: somebody should know, and nothing needs to be recovered.
    const found = `The newest ${told}; ${active.id} runs on.`;
    return { ...base, verdict: 'bad', found, tellsOnly: true };
  }
  if (newest.status === 'starting' || newest.status === 'unknown') {
    return { ...base, verdict: 'unknown', found: `not known: ${told}` };
  }
  return { ...base, verdict: 'bad', found: `No deployment runs; the newest ${told}.` };
}

async function readLog(
  { dependencies: { applicationPlatform } }: LookContext,
  deploymentId: string,
): Promise<readonly LogLine[] | null> {
  try {
    return await applicationPlatform.logs(deploymentId, logLinesRead);
  } catch (error) {
    if (error instanceof DrError) return null;
    throw error;
  }
}

/**
 * Errors in the log of the deployment that runs, and health probes that failed, over one window.
 *
 * @param lines null where they could not be read
 */
export function errorRate(
  { monitor: { errorRate: limits }, memory, at }: Pick<LookContext, 'monitor' | 'memory' | 'at'>,
  lines: readonly LogLine[] | null,
): Reading {
  const { windowMs, share, atLeast } = limits;
  const from = new Date(Date.parse(at) - windowMs).toISOString();
  const inWindow = (lines ?? []).filter((line) => line.at >= from);
  const errors = inWindow.filter(({ severity }) => errorSeverities.test(severity)).length;
  const probes = memory.healthProbes.filter((probe) => probe.at >= from);
  const failedProbes = probes.filter(({ healthy }) => !healthy).length;
  const expected = `under ${Math.round(share * 100)} % errors, or under ${atLeast} of them, in ${windowMs / 1000} s`;
  const tooMany = (bad: number, all: number) => bad >= atLeast && bad >= share * all;
  const found = `${errors} of ${inWindow.length} log lines and ${failedProbes} of ${probes.length} health probes are errors.`;
  if (tooMany(errors, inWindow.length) || tooMany(failedProbes, probes.length)) {
    return { signal: 'error-rate', verdict: 'bad', found, expected };
  }
  return lines === null
    ? { signal: 'error-rate', verdict: 'unknown', found: 'not known: the log could not be read', expected }
    : { signal: 'error-rate', verdict: 'good', found, expected };
}
