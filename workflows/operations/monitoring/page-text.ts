import type { OpenIncident } from '../../contracts/monitor.ts';
import type { Evidence, Incident } from '../../contracts/monitoring.ts';
import { utc } from '../../runbook/format.ts';
import type { AlertText } from '../alert-text.ts';

/** That an incident was opened, why, and what is done about it. */
export function openedText({ incident, heldBack, recovery }: OpenIncident): AlertText {
  const { environment, scenario, incidentAt, alsoPossible } = incident;
  return {
    subject: `[${environment}] Incident: ${scenario ?? 'something is wrong'}`,
    lines: [
      incident.because,
      `Since ${utc(incidentAt)}.`,
      ...evidenceLines(incident.evidence),
      ...(alsoPossible.length === 0 ? [] : [`Also possible: ${alsoPossible.join(', ')}.`]),
      heldBack ?? doneAboutIt(incident, recovery !== null),
      `npx dr status --environment ${environment}`,
      `npx dr monitor --environment ${environment}`,
    ],
  };
}

/** What was seen and speaks for no runbook: it is told once, and starts nothing. */
export function noticedText(environment: string, evidence: readonly Evidence[]): AlertText {
  return {
    subject: `[${environment}] Noticed: ${evidence.map(({ signal }) => signal).join(', ')}`,
    lines: [
      ...evidenceLines(evidence),
      'This speaks for no runbook by itself, and starts nothing.',
      `npx dr monitor --environment ${environment}`,
    ],
  };
}

/** That other evidence makes another scenario the likelier one, while nothing was begun. */
export function changedText(incident: Incident, before: string): AlertText {
  const { environment, scenario } = incident;
  return {
    subject: `[${environment}] Incident: now ${scenario ?? 'something else'}, not ${before}`,
    lines: [
      incident.because,
      ...evidenceLines(incident.evidence),
      `The proposal of ${before} is taken back; nothing was changed. ${doneAboutIt(incident, true)}`,
      `npx dr status --environment ${environment}`,
    ],
  };
}

/** How an incident ended. */
export function closedText(incident: Incident): AlertText {
  const { environment, scenario, ending, openedAt } = incident;
  const name = scenario ?? 'incident';
  const what = {
    recovered: `${name} is recovered.`,
    'false-alarm': `${name} was a false alarm: nothing of it is to be seen any more, and nothing was changed.`,
    dismissed: `${name} was dismissed. The same evidence opens no other incident until it was seen good.`,
    'not-recovered': `${name} is NOT recovered, and the recovery has ended. Nothing more is started by itself.`,
  } as const satisfies Record<NonNullable<Incident['ending']>, string>;
  return {
    subject: `[${environment}] Incident closed: ${ending === null ? 'unknown' : ending}`,
    lines: [
      ending === null ? name : what[ending],
      `It was opened at ${utc(openedAt)}: ${incident.because}`,
      `npx dr status --environment ${environment}`,
    ],
  };
}

/** That a breach shows while another recovery has the environment: only a person may end that one. */
export function breachText(environment: string, running: string, evidence: readonly Evidence[]): AlertText {
  return {
    subject: `[${environment}] A security breach shows while a recovery runs`,
    lines: [
      `The recovery from ${running} goes on; the monitor does not end it.`,
      ...evidenceLines(evidence),
      'To end it and isolate production instead:',
      `npx dr start security-breach --supersede --environment ${environment} --reason "…" --as NAME`,
    ],
  };
}

/** That something was reported while a recovery has the environment: nothing is opened for it. */
export function reportedBesideText(environment: string, evidence: Evidence): AlertText {
  return {
    subject: `[${environment}] Reported while a recovery runs: ${evidence.scenario ?? 'something'}`,
    lines: [
      evidence.found,
      'Nothing is opened for it: report it again if it is still so when the recovery has ended.',
      `npx dr status --environment ${environment}`,
    ],
  };
}

function evidenceLines(evidence: readonly Evidence[]): string[] {
  return evidence.map(
    ({ signal, found, expected, since }) =>
      `${signal}: ${found}. Expected: ${expected}. Since ${utc(since)}.`,
  );
}

function doneAboutIt({ scenario }: Incident, started: boolean): string {
  if (scenario === null) return 'No runbook fits it, and nothing is started.';
  if (!started) return 'Nothing was started.';
  return scenario === 'application-crash'
    ? 'It is being recovered. What the monitor saw itself waits for nobody.'
    : 'Its checks are being made. You are asked before anything is changed.';
}
