import { type Fingerprint, fingerprintSubjects, ownParts } from '../../contracts/fingerprint.ts';
import { isRunnableScenario, type RunnableScenario, scenarioWorkflows } from '../../contracts/names.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { DrillEvidence, ScenarioReadiness } from '../../contracts/scenario-readiness.ts';
import { plural } from '../../runbook/format.ts';

/** What readiness is judged by. */
export interface ReadinessEvidence {
  readonly environment: string;
  readonly drills: readonly DrillEvidence[];
  /** How things stand now; null when that could not be read. */
  readonly fingerprint: Fingerprint | null;
  /** UTC, ms. */
  readonly nowMs: number;
}

/** Every scenario that has a runbook, in the order of the procedure. */
export function allScenarios(): readonly RunnableScenario[] {
  return Object.keys(scenarioWorkflows).filter(isRunnableScenario);
}

/**
 * Whether a scenario counts as verified: its last drill was good, is younger than the policy says, and was carried out
 * with the code, policy, schema and provider configuration of now. A failed drill counts until a later one is good,
 * wherever either was carried out.
 */
export function scenarioReadiness(
  scenario: RunnableScenario,
  evidence: ReadinessEvidence,
  { verification }: Pick<Policy, 'verification'>,
): ScenarioReadiness {
  const drills = evidence.drills
    .filter((one) => one.scenario === scenario)
    .toSorted((a, b) => Date.parse(b.finishedAt) - Date.parse(a.finishedAt));
  const [newest] = drills;
  if (newest === undefined) return { ...nothingKnown(scenario), found: 'never drilled' };
  if (!newest.succeeded) return failedDrill(newest);
  const countsForMs = verification.drillCountsForMs[scenario];
  const places = [...new Set(drills.map(({ environment }) => environment))];
  const judged = places
    .flatMap((place) => drills.find((one) => one.environment === place && one.succeeded) ?? [])
    .map((one) => ofGoodDrill(one, evidence, countsForMs));
  return judged.find(({ state }) => state === 'verified') ?? ofGoodDrill(newest, evidence, countsForMs);
}

/**
 * What differs between two fingerprints, one line a subject with the names of its parts.
 *
 * @param elsewhere whether the first is of another environment: then what names the place is left out
 */
function changedParts(then: Fingerprint, now: Fingerprint, elsewhere: boolean): readonly string[] {
  return fingerprintSubjects.flatMap((subject) => {
    const names = new Set([...Object.keys(then[subject]), ...Object.keys(now[subject])]);
    const changed = [...names]
      .filter((name) => !(elsewhere && subject === 'provider' && ownParts.some((own) => own === name)))
      .filter((name) => then[subject][name] !== now[subject][name])
      .sort();
    return changed.length === 0 ? [] : [`${subject}: ${changed.join(', ')}`];
  });
}

function nothingKnown(scenario: RunnableScenario) {
  return {
    scenario,
    state: 'never-drilled',
    drilledIn: null,
    drilledAt: null,
    verifiedUntil: null,
    changed: [],
  } as const;
}

function failedDrill({
  scenario,
  environment,
  finishedAt,
  criteria,
  failure,
}: DrillEvidence): ScenarioReadiness {
  const missed = criteria
    .filter(({ passed, advisory }) => !passed && advisory !== true)
    .map(({ name, found, expected }) => `${name}: ${found}, expected ${expected}`);
  const why = [...missed, ...(failure === null ? [] : [failure])].join('; ');
  return {
    ...nothingKnown(scenario),
    state: 'drill-failed',
    drilledIn: environment,
    drilledAt: finishedAt,
    found: `last drill failed (${environment}, ${day(finishedAt)}): ${why}`,
  };
}

function ofGoodDrill(
  drilled: DrillEvidence,
  { environment, fingerprint, nowMs }: ReadinessEvidence,
  countsForMs: number,
): ScenarioReadiness {
  const { scenario, environment: drilledIn, finishedAt: drilledAt } = drilled;
  const known = { ...nothingKnown(scenario), drilledIn, drilledAt };
  const when = `drilled ${day(drilledAt)} (${drilledIn})`;
  const ageMs = nowMs - Date.parse(drilledAt);
  if (ageMs > countsForMs) {
    const found = `needs verification: ${when}, ${days(ageMs)} ago; it counts for ${days(countsForMs)}`;
    return { ...known, state: 'needs-verification', found };
  }
  if (drilled.fingerprint === null) {
    const found = `needs verification: ${when}, but what it verified was not recorded`;
    return { ...known, state: 'needs-verification', found };
  }
  if (fingerprint === null) {
    return { ...known, state: 'unknown', found: `${when}; not known whether anything changed since` };
  }
  const changed = changedParts(drilled.fingerprint, fingerprint, drilledIn !== environment);
  if (changed.length > 0) {
    const found = `needs verification: ${when}; changed since: ${changed.join('; ')}`;
    return { ...known, state: 'needs-verification', changed, found };
  }
  const verifiedUntil = new Date(Date.parse(drilledAt) + countsForMs).toISOString();
  return {
    ...known,
    state: 'verified',
    verifiedUntil,
    found: `verified (${drilledIn}) until ${day(verifiedUntil)}: ${when}, nothing changed since`,
  };
}

const days = (ms: number): string => plural(Math.floor(ms / (24 * 3_600_000)), 'day', 'days');

const day = (moment: string): string => moment.slice(0, 10);
