import type { Diagnosis, Evidence, Reach } from '../../workflows/contracts/monitoring.ts';
import type { RunnableScenario } from '../../workflows/contracts/names.ts';

/** The one that stops the damage first stands first. */
const preference = [
  'security-breach',
  'complete-failure',
  'database-corruption',
  'data-loss',
  'application-crash',
] as const satisfies readonly RunnableScenario[];

const why = {
  'security-breach': 'an intruder goes on doing damage until shut out',
  'complete-failure': 'nothing of production can be reached any more',
  'database-corruption': 'damage spreads into every row and backup that is made of it',
  'data-loss': 'what is written meanwhile makes the loss harder to mend',
  'application-crash': 'the application is down',
} as const satisfies Record<RunnableScenario, string>;

const everything: readonly Reach[] = ['application', 'application-platform', 'database', 'database-provider'];

/**
 * Which runbook the evidence speaks for: of several the one that stops the damage first. That a provider does not
 * answer is a complete failure only where nothing else answers either. Logins that are turned away while the
 * application is down are its own, as after a password that it does not know.
 *
 * @returns null without evidence; no scenario where what was found is only told
 */
export function diagnose(evidence: readonly Evidence[]): Diagnosis | null {
  const [first] = evidence;
  if (first === undefined) return null;
  const [scenario, ...alsoPossible] = scenariosOf(evidence);
  // What is only told, such as the age of a backup, may have been so for days.
  const speaking = evidence.filter((each) => each.scenario !== null).map(({ since }) => since);
  const incidentAt = speaking.sort()[0] ?? first.since;
  if (scenario === undefined) {
    return {
      scenario: null,
      alsoPossible: [],
      because: `${first.found} This is told and speaks for no runbook by itself.`,
      target: null,
      incidentAt,
    };
  }
  const deciding = speakingFor(scenario, evidence);
  return {
    scenario,
    alsoPossible,
    because: becauseOf(scenario, alsoPossible, deciding),
    target: targetOf(scenario, deciding),
    incidentAt,
  };
}

function scenariosOf(evidence: readonly Evidence[]): RunnableScenario[] {
  const found = preference.filter((scenario) => speakingFor(scenario, evidence).length > 0);
  const [breach, ...others] = found;
  const onlyLogins = speakingFor('security-breach', evidence).every(
    ({ signal }) => signal === 'failed-logins',
  );
  return breach === 'security-breach' && onlyLogins && found.includes('application-crash')
    ? [...others, breach]
    : found;
}

/** The evidence that speaks for a scenario; of a complete failure all of it or none. */
function speakingFor(scenario: RunnableScenario, evidence: readonly Evidence[]): readonly Evidence[] {
  const own = evidence.filter((one) => one.scenario === scenario);
  if (scenario !== 'complete-failure') return own;
  const silent = evidence.filter(({ unreachable }) => unreachable.length > 0);
  const reached = everything.filter((one) => !silent.some(({ unreachable }) => unreachable.includes(one)));
  // People may say so as well, and are not asked what they could reach.
  const reported = own.filter(({ signal }) => signal === 'user-report' || signal === 'outside-alert');
  return reached.length === 0 ? [...silent, ...reported] : reported;
}

function becauseOf(
  scenario: RunnableScenario,
  alsoPossible: readonly RunnableScenario[],
  deciding: readonly Evidence[],
): string {
  const seen = deciding.map(({ signal, found }) => `${signal}: ${found}`).join(' ');
  if (alsoPossible.length === 0) return seen;
  return `${seen} There is evidence for ${alsoPossible.join(' and ')} as well; ${scenario} comes first: ${why[scenario]}.`;
}

/** Where everything that decides was good: the earliest of the moments at which each was good last. */
function targetOf(scenario: RunnableScenario, deciding: readonly Evidence[]): Diagnosis['target'] {
  if (scenario !== 'data-loss' && scenario !== 'security-breach') return null;
  const moments = deciding.map(({ lastGoodAt }) => lastGoodAt).filter((at) => at !== null);
  const [earliest] = moments.sort();
  return earliest === undefined ? null : { kind: 'at', moment: earliest };
}
