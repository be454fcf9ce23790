import type { RecoveryFacts } from '../contracts/facts.ts';
import type { TargetRequest } from '../contracts/recovery-point.ts';
import type { RecoveryReport } from '../contracts/report.ts';
import type { RecoveryOutcome } from '../contracts/status.ts';
import { discardedWindow, measureRpo, measureRto, recoveredTo, untouchedRpo } from './clocks.ts';
import { improvements } from './documents/improvements.ts';
import { now, type RunState } from './state.ts';

/**
 * Puts together what a run leaves behind. Everything in it was measured or is null.
 *
 * @param target where the last plan revision went
 * @param because why the run went to its safe state; null when it did not
 */
export function buildReport(
  state: RunState,
  target: TargetRequest | null,
  because: string | null,
): RecoveryReport {
  const { facts } = state;
  const status = state.status();
  const revisions = [...state.earlierFacts, facts];
  const rewound = revisions.find(({ restoreRequest }) => restoreRequest?.settlement.kind === 'accepted');
  const beforeRewind = facts.countsBeforeRewind ?? (rewound ?? facts).finalCounts;
  const report = {
    formatVersion: 1,
    outcome: state.outcome ?? 'left-changed',
    headline: headline(state, because),
    status,
    finishedAt: now(),
    rto: measureRto(status.objective.rtoMs, status.incidentAt, facts),
    rpo: restoredNothing(state)
      ? untouchedRpo(status.objective.rpoMs)
      : measureRpo(status.objective.rpoMs, status.incidentAt, target, facts, beforeRewind),
    waitedForPeopleMs: state.waitedForPeopleMs,
    restoreMs: lastRestored(revisions)?.restored?.durationMs ?? null,
    discardedWindow: rewound === undefined ? null : discardedWindow(facts, beforeRewind),
    recoveredTo: recoveredTo(facts),
    restoredToUnix: lastRestored(revisions)?.recoveryPoint?.targetUnix ?? null,
    tables: (rewound === undefined ? [] : (beforeRewind?.tables ?? [])).map(
      ({ table, present, discarded }) => {
        const verified = facts.verification?.tables.find((candidate) => candidate.table === table);
        const countedForTarget = beforeRewind?.targetUnix === facts.recoveryPoint?.targetUnix;
        return {
          table,
          before: present,
          after: verified?.rows ?? null,
          discarded: countedForTarget ? discarded : null,
          broughtBack: countedForTarget ? (verified?.broughtBack ?? null) : null,
        };
      },
    ),
    recoveryPoint: facts.recoveryPoint ?? null,
    ...(facts.oldProductionKept === undefined ? {} : { oldProductionKept: facts.oldProductionKept }),
    surveyed: facts.finalCounts ?? facts.estimate ?? null,
    safetyCopies: revisions.flatMap(({ safetyCopy }) => (safetyCopy === undefined ? [] : [safetyCopy])),
    verification: facts.verification ?? null,
    reconciliation: facts.reconciliation ?? null,
    brokenGlass: state.decisions.flatMap(({ accepted, breakGlass, by, step }) =>
      accepted && breakGlass !== null ? [`${by} on ${step ?? 'a step'}: ${breakGlass}`] : [],
    ),
    storedAt: [],
  } as const satisfies Omit<RecoveryReport, 'improvements'>;
  return { ...report, improvements: improvements(report) };
}

/** Whether the runbook came to its end without a restore: a crash leaves the database as it is. */
function restoredNothing({ outcome, destroyed, facts }: RunState): boolean {
  return outcome === 'recovered' && !destroyed && facts.verification === undefined;
}

/** The revision whose restore was the last that was seen to end: its target is where the database stands. */
function lastRestored(revisions: readonly Partial<RecoveryFacts>[]): Partial<RecoveryFacts> | undefined {
  return revisions.findLast(({ restored }) => restored !== undefined);
}

function headline(state: RunState, because: string | null): string {
  const { environment } = state.identity;
  const inForce = state.measures.map((measure) => measure.inForce).join('; ');
  const why = because === null ? '' : ` (${because})`;
  const health =
    state.facts.health === undefined
      ? 'nobody has seen the application healthy'
      : 'the application is healthy';
  const rewound = !state.destroyed
    ? 'is isolated: it was not rewound, and stays so until a person decides'
    : state.writersResumed
      ? 'was rewound and may be written to again, but the recovery did not reach its end'
      : 'is NOT back: it was rewound or may have been, and stays fenced until a person decides';
  const headlines = {
    recovered: `${environment} is back: ${state.facts.verification === undefined ? '' : 'the data was verified and '}${health}${why}.${inForce === '' ? '' : ` Still in force: ${inForce}.`}`,
    undone: state.destroyed
      ? `Every measure was taken back, but the database of ${environment} had been rewound and was NOT verified by this run${why}.`
      : `Nothing was destroyed and every measure was taken back: ${environment} is as it was found${why}.`,
    'left-fenced': `${environment} ${rewound}${why}. In force: ${inForce}.`,
    'handed-over': `Another scenario goes on in ${environment}${why}.${inForce === '' ? '' : ` In force: ${inForce}.`}`,
    'left-changed': `${environment} was not rewound, but ${inForce === '' ? `what was restarted or deployed stays, and ${health}${why}` : `measures are still in force${why}: ${inForce}`}.`,
  } as const satisfies Record<RecoveryOutcome, string>;
  return headlines[state.outcome ?? 'left-changed'];
}
