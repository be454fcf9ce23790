import type { MonitorCarried, Report } from '../../contracts/monitor.ts';
import type { Diagnosis, Evidence, Incident, SignalName, SignalState } from '../../contracts/monitoring.ts';
import { scenarioTargets } from '../../contracts/names.ts';
import { activities } from '../../runbook/activities.ts';

/** What counts: everything that was seen, but for what a person decided on and that never turned good since. */
export function unsettled({ evidence, settled }: Pick<MonitorCarried, 'evidence' | 'settled'>): Evidence[] {
  return evidence.filter(({ signal }) => !settled.some((each) => each.signal === signal));
}

/** What a person decided on, without what was seen good since. */
export function stillSettled(
  settled: MonitorCarried['settled'],
  states: readonly SignalState[],
): MonitorCarried['settled'] {
  return settled.filter(({ signal, at }) => {
    const state = states.find((each) => each.signal === signal);
    const seenGood =
      state !== undefined && !state.trouble && state.goodInARow > 0 && (state.probedAt ?? '') > at;
    return !seenGood;
  });
}

/** Tells evidence that is the same, whatever its figures. */
export function fingerprintOf(evidence: readonly Evidence[]): string {
  return evidence
    .map(({ signal, scenario, unreachable }) => [signal, scenario, ...unreachable].join(' '))
    .sort()
    .join('; ');
}

/** Earlier evidence of an incident with what is found now; the newer words of a signal count. */
export function joined(earlier: readonly Evidence[], now: readonly Evidence[]): Evidence[] {
  const isNow = ({ signal, scenario }: Evidence) =>
    now.some((each) => each.signal === signal && each.scenario === scenario);
  return [...now, ...earlier.filter((each) => !isNow(each))];
}

/** Which runbook the evidence speaks for. A report tells where to go back to only where somebody said since when. */
export async function diagnose(
  seen: readonly Evidence[],
  reports: readonly Report[],
): Promise<Diagnosis | null> {
  const evidence = [...seen, ...reports.map((report) => report.evidence)];
  const diagnosis = await activities.monitoring.diagnose({ evidence });
  if (diagnosis === null) return null;
  const { scenario } = diagnosis;
  const byReportsAlone = !seen.some((each) => each.scenario === scenario);
  const [dated] = reports
    .filter((report) => report.sinceKnown && report.evidence.scenario === scenario)
    .map((report) => report.evidence.since)
    .sort();
  const goesBack = scenario !== null && scenarioTargets[scenario] !== 'none';
  if (!byReportsAlone || !goesBack || dated === undefined) return diagnosis;
  return { ...diagnosis, target: { kind: 'just-before', moment: dated } };
}

/** Signals of these that people and systems bring; no look ever sees them good. */
export function probed(evidence: readonly Evidence[]): SignalName[] {
  return evidence
    .map(({ signal }) => signal)
    .filter((signal) => signal !== 'user-report' && signal !== 'outside-alert');
}

/** Signals that are in trouble now. */
export function troubled({ evidence, states }: MonitorCarried): SignalName[] {
  const now = states.filter(({ trouble }) => trouble).map(({ signal }) => signal);
  return [...new Set([...now, ...probed(evidence)])];
}

/** Which scenarios besides that of an incident a new diagnosis names. */
export function otherScenarios(
  { scenario, alsoPossible }: Pick<Incident, 'scenario' | 'alsoPossible'>,
  incident: Incident,
): Incident['alsoPossible'] {
  const named = [...(scenario === null ? [] : [scenario]), ...alsoPossible];
  return [...new Set(named)].filter((each) => each !== incident.scenario);
}
