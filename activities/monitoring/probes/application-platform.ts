import { activeDeployment } from '../../application/active-deployment.ts';
import { DrError } from '../../errors.ts';
import type { Deployment, RequestCount } from '../../ports.ts';
import { judgeErrorRate, requestsSince } from '../judge-error-rate.ts';
import type { Look, LookContext, ProbeGroup } from '../look.ts';
import { notKnown, type Reading } from '../reading.ts';

const logLinesRead = 500;
const silence: ReadonlySet<string> = new Set(['provider-unavailable', 'provider-timeout']);
const aRunningDeployment = 'a deployment that runs, and none that failed since';

/** The platform of the application: how its deployments stand, what users were answered, and what is in the log. */
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
      return { readings: [noAnswer(error), judgeErrorRate(context, { lines: null, requests: null })] };
    }
    const active = activeDeployment(deployments);
    return { readings: [deploymentReading(deployments, active), await errorRateOf(context, active)] };
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

/** What is read of the deployment that runs: nothing of it where there is none. */
async function errorRateOf(context: LookContext, active: Deployment | undefined): Promise<Reading> {
  if (active === undefined) return judgeErrorRate(context, { lines: [], requests: [] });
  const { applicationPlatform } = context.dependencies;
  const [lines, requests] = await Promise.all([
    nullIfNotRead(applicationPlatform.logs(active.id, logLinesRead)),
    // That none runs is what `deployment` tells.
    active.status === 'running' ? nullIfNotRead(readRequests(context, active)) : [],
  ]);
  return judgeErrorRate(context, { lines, requests });
}

async function readRequests(context: LookContext, active: Deployment): Promise<readonly RequestCount[]> {
  const from = requestsSince(context, active.statusChangedAt ?? active.createdAt);
  return from < context.at ? context.dependencies.applicationPlatform.requestsByStatus(from, context.at) : [];
}

async function nullIfNotRead<Answer>(reading: Promise<Answer>): Promise<Answer | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DrError) return null;
    throw error;
  }
}
