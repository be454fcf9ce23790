import { type HealthProbe, probeHealth } from '../../application/probe-health.ts';
import type { Look, LookContext, ProbeGroup } from '../look.ts';
import type { Reading } from '../reading.ts';

/** More than the longest window of a policy holds at a probe a second. */
const mostProbesKept = 120;
/** Of fewer a median says nothing. */
const fewestForMedian = 3;

/** The application as its users reach it: whether it is healthy, and how long it takes to say so. */
export const applicationProbes: ProbeGroup = {
  name: 'application',
  signals: ['health-check', 'response-time'],
  duringRecovery: true,
  everyMs: ({ probeEveryMs }) => probeEveryMs,
  patienceMs: ({ patienceMs }) => patienceMs.other,
  look: async (context) => judgeHealth(await probeHealth(context.dependencies), context),
};

/** What one health probe says, with those before it. */
export function judgeHealth(
  { healthy, latencyMs, detail }: HealthProbe,
  { monitor, memory, at }: Pick<LookContext, 'monitor' | 'memory' | 'at'>,
): Look {
  const oldest = new Date(Date.parse(at) - monitor.errorRate.windowMs).toISOString();
  const probes = [...memory.healthProbes, { at, healthy, latencyMs }];
  const needed = probes.length - monitor.responseTime.probes;
  const healthProbes = probes
    .filter((probe, index) => probe.at >= oldest || index >= needed)
    .slice(-mostProbesKept);
  return {
    readings: [
      {
        signal: 'health-check',
        verdict: healthy ? 'good' : 'bad',
        found: healthy
          ? `The application is healthy, after ${Math.round(latencyMs)} ms.`
          : `The application is not healthy: ${detail}.`,
        expected: 'healthy',
        unreachable: healthy ? [] : ['application'],
      },
      responseTime(monitor, healthProbes),
    ],
    memory: { healthProbes },
  };
}

function responseTime(
  { responseTime: { medianMs, probes } }: LookContext['monitor'],
  kept: LookContext['memory']['healthProbes'],
): Reading {
  const last = kept
    .slice(-probes)
    .filter(({ healthy }) => healthy)
    .map(({ latencyMs }) => latencyMs)
    .sort((a, b) => a - b);
  const expected = `a median of at most ${medianMs} ms`;
  const median = last[Math.floor(last.length / 2)];
  if (median === undefined || last.length < fewestForMedian) {
    return {
      signal: 'response-time',
      verdict: 'unknown',
      found: 'not known: too few healthy answers',
      expected,
    };
  }
  return {
    signal: 'response-time',
    verdict: median > medianMs ? 'bad' : 'good',
    found: `The median of the last ${last.length} health probes is ${Math.round(median)} ms.`,
    expected,
  };
}
