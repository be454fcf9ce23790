import { probeGroups } from '../../../activities/monitoring/groups.ts';
import { judgeErrorRate } from '../../../activities/monitoring/judge-error-rate.ts';
import { judgeTables, type TableChange } from '../../../activities/monitoring/judge-tables.ts';
import type { Look, ProbeGroup } from '../../../activities/monitoring/look.ts';
import { nothingRemembered } from '../../../activities/monitoring/memory.ts';
import { judgeHealth } from '../../../activities/monitoring/probes/application.ts';
import type { Reading } from '../../../activities/monitoring/reading.ts';
import { intervalOf } from '../../../activities/monitoring/rhythm.ts';
import { Watch } from '../../../activities/monitoring/watch.ts';
import type { SignalName } from '../../../workflows/contracts/monitoring.ts';
import type { MonitorPolicy } from '../../../workflows/contracts/policy.ts';
import { seededRandom } from '../../seeded-random.ts';

/** How long a simulated day is, ms. */
export const dayMs = 24 * 60 * 60 * 1000;
const began = Date.UTC(2026, 0, 5);

/**
 * Latency and deployments as measured at the sandbox on 2 shared cores, under 20 sales a second: 600 health probes took
 * 10 ms in the median, log-normal with σ = 0.9, none failed, the slowest took 126 ms; five deployments took the
 * application away for 1.2 to 1.9 s each. How often single requests fail or are slow is assumed, far above what was
 * measured.
 */
const noise = {
  medianMs: 10,
  sigma: 0.9,
  failedProbe: 0.002,
  slowProbe: 0.002,
  failedRequest: 0.005,
  deployments: 12,
  deploymentMs: [1_200, 1_900],
  salesASecond: 20,
} as const;

/** What a day came to. */
export interface SimulatedDay {
  readonly healthProbes: number;
  readonly failedHealthProbes: number;
  readonly looks: number;
  /** Signals that turned to trouble, with when, ms since the day began. */
  readonly troubles: readonly { readonly signal: SignalName; readonly atMs: number }[];
}

/**
 * A day of a simulated clock: rhythm, rules and thresholds are the monitor's own, as are the judgement of health probes,
 * of the error rate and of tables; what was found is drawn from seeded noise. Nothing is asked of a server: queries and
 * adapters have tests of their own.
 *
 * @param brokenFromMs from when on no health probe succeeds and the sales are gone; beyond the day: never
 */
export function simulateDay(monitor: MonitorPolicy, seed: number, brokenFromMs = dayMs): SimulatedDay {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const between = (from: number, to: number) => from + random() * (to - from);
  const deployments = Array.from({ length: noise.deployments }, () => {
    const fromMs = random() * dayMs;
    return { fromMs, toMs: fromMs + between(...noise.deploymentMs) };
  });
  const watch = new Watch(monitor, [], nothingRemembered);
  const troubles: { signal: SignalName; atMs: number }[] = [];
  const due = new Map<ProbeGroup, number>(probeGroups.map((group) => [group, 0]));
  let healthProbes = 0;
  let failedHealthProbes = 0;
  let looks = 0;
  /** As they were when nothing of them was missing. */
  let sales = { rows: 5_000, atMs: 0 };

  const health = (nowMs: number) => {
    const down =
      nowMs >= brokenFromMs || deployments.some(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs);
    const healthy = !down && random() >= noise.failedProbe;
    const usual = noise.medianMs * Math.exp(noise.sigma * normal());
    const latencyMs = random() < noise.slowProbe ? between(2_000, 3_000) : usual;
    healthProbes += 1;
    failedHealthProbes += healthy ? 0 : 1;
    return { healthy, latencyMs, detail: 'simulated' };
  };
  // As if those of a deployment were counted in full: the probe leaves out what was before the one that runs.
  const requests = (nowMs: number) => {
    const { requestsWindowMs } = monitor.errorRate;
    const downMs = deployments.reduce((sum, { fromMs, toMs }) => {
      const within = Math.min(toMs, nowMs) - Math.max(fromMs, nowMs - requestsWindowMs);
      return sum + Math.max(within, 0);
    }, 0);
    const inMs = (ms: number) => Math.round((ms / 1_000) * noise.salesASecond);
    const served = inMs(requestsWindowMs - downMs);
    const failed = Math.floor(random() * 4 * noise.failedRequest * served);
    return [
      { status: 201, requests: served - failed },
      { status: 503, requests: failed },
      { status: 502, requests: inMs(downMs) },
    ];
  };
  const tables = (nowMs: number): TableChange[] => {
    const inserted = Math.round(((nowMs - sales.atMs) / 1_000) * noise.salesASecond);
    const deleted = Math.floor(random() * 5);
    const before = sales.rows;
    const rows = nowMs >= brokenFromMs ? 0 : before + inserted - deleted;
    if (rows > 0) sales = { rows, atMs: nowMs };
    // The machines' state changes in one transaction, one user at a time changes a name.
    const remembered = (table: string, rows: number) => ({ table, rows, settledRows: rows });
    const one = { altered: false, byOneTransaction: 1 };
    return [
      {
        ...one,
        table: 'public.sales',
        before: remembered('public.sales', before),
        rows,
        gone: deleted,
      },
      { ...one, table: 'public.users', before: remembered('public.users', 200), rows: 200, gone: 1 },
      {
        table: 'public.machines',
        before: remembered('public.machines', 25),
        rows: 25,
        gone: 25,
        byOneTransaction: 25,
        altered: false,
      },
    ];
  };
  const lookAt = (group: ProbeGroup, nowMs: number, at: string): Look => {
    if (group.name === 'application') {
      return judgeHealth(health(nowMs), { monitor, memory: watch.memory, at });
    }
    const failed = random() < noise.failedRequest;
    const readings = group.signals.map((signal): Reading => {
      const reading = { signal, found: 'simulated', expected: 'simulated' };
      if (signal === 'error-rate') {
        const lines = Array.from({ length: Math.floor(random() * 6) }, () => ({
          at,
          severity: random() < 0.5 ? 'error' : 'info',
          message: 'simulated',
        }));
        const read = { lines, requests: requests(nowMs) };
        const nothing = { lines: null, requests: null };
        return judgeErrorRate({ monitor, memory: watch.memory, at }, failed ? nothing : read);
      }
      // A request that fails is bad for what must be reached, and says nothing of all else.
      const reaches = signal === 'database-provider' || signal === 'deployment';
      if (failed) return { ...reading, verdict: reaches ? 'bad' : 'unknown' };
      return { ...reading, verdict: 'good' };
    });
    if (group.name !== 'database' || failed) return { readings };
    const { missing, inconsistent } = judgeTables(tables(nowMs), monitor);
    const judged: Partial<Record<SignalName, boolean>> = {
      'missing-records': missing.length === 0,
      'inconsistent-data': inconsistent.length === 0,
    };
    return {
      readings: readings.map((reading) => ({
        ...reading,
        verdict: judged[reading.signal] === false ? 'bad' : reading.verdict,
      })),
    };
  };

  const next = () => [...due].reduce((a, b) => (b[1] < a[1] ? b : a));
  for (let [group, nowMs] = next(); nowMs < dayMs; [group, nowMs] = next()) {
    const at = new Date(began + nowMs).toISOString();
    looks += 1;
    for (const signal of watch.take(lookAt(group, nowMs, at), at)) {
      const [state] = watch.of([signal]);
      if (state?.trouble === true) troubles.push({ signal, atMs: nowMs });
    }
    due.set(group, nowMs + intervalOf(group, watch, monitor));
  }
  return { healthProbes, failedHealthProbes, looks, troubles };
}
