import { setTimeout as sleep } from 'node:timers/promises';
import type { SilenceProof } from '../../workflows/contracts/evidence.ts';
import type { RecoveryMarker } from '../../workflows/contracts/marker.ts';
import { DrError } from '../errors.ts';
import { readNewestMarker } from '../marker/marker-row.ts';
import type { Database, DatabaseSession } from '../ports.ts';
import { heartbeat } from './heartbeat.ts';
import { inSnapshot } from './snapshot.ts';
import { readWritingMoment, type WritingMoment } from './writers.ts';

/** How silence is proved. */
export interface SilenceDemand {
  /** For how long no transaction may be written, in ms. */
  readonly quietMs: number;
  /** How long the proof may take before it has failed, in ms. */
  readonly deadlineMs: number;
}

/** Sessions that an error names; a hundred pooled ones say no more than twenty. */
const namedSessions = 20;
const slowestPollMs = 1_000;
const fastestPollMs = 20;

function notSilent(
  { quietMs, deadlineMs }: SilenceDemand,
  writers: ReadonlySet<string>,
  last: WritingMoment,
  ownMarkers: number,
): DrError {
  const connected = last.sessions.map((session) => session.description);
  const named = (list: readonly string[]) =>
    list.length === 0 ? 'none' : list.slice(0, namedSessions).join('; ');
  return new DrError('writers-not-silent', {
    happened: `The database was never without a write for ${quietMs} ms within ${deadlineMs} ms. Seen writing: ${named([...writers])}. Connected at the end: ${named(connected)}.${ownMarkers > 0 ? ` Meanwhile our own recovery marker was written ${ownMarkers} times: a monitor does not hold back.` : ''}`,
    meaning:
      'Somebody writes past the fence; what is written from now on would be lost without being counted.',
    next: `Stop what is named (application, cron jobs, API, pooled sessions${ownMarkers > 0 ? ', the worker whose monitor goes on' : ''}), then retry the step.`,
  });
}

function readMarker(session: DatabaseSession): Promise<RecoveryMarker | null> {
  return inSnapshot(session, () => readNewestMarker(session));
}

/**
 * Proves that nobody writes: over `quietMs` no transaction id was given out, and no other session on this database
 * held one. Own queries take none. Anything that takes one, also autovacuum, starts the quiet span again. It proves
 * and does not end anybody's session.
 *
 * @returns the span by the database's clock, the next transaction id, the same at both ends, and how many of the writes
 *   before it were recovery markers of our own
 * @throws DrError `writers-not-silent` (not retried) naming the sessions, after `deadlineMs`;
 *   `database-unreachable` (retried), `database-login-refused`, `database-query-failed`
 */
export function proveSilence(database: Database, demand: SilenceDemand): Promise<SilenceProof> {
  const pollMs = Math.max(fastestPollMs, Math.min(slowestPollMs, demand.quietMs / 5));
  return database.session(async (session) => {
    const started = performance.now();
    const markerBefore = await readMarker(session);
    const ownMarkers = async () => {
      const now = await readMarker(session);
      return (now?.sequence ?? 0) - (markerBefore?.sequence ?? 0);
    };
    const writers = new Set<string>();
    let quietFrom: { readonly moment: WritingMoment; readonly clock: number } | undefined;
    for (;;) {
      const moment = await readWritingMoment(session);
      const clock = performance.now();
      const writing = moment.sessions.filter((other) => other.writing);
      for (const writer of writing) writers.add(writer.description);
      if (writing.length > 0) {
        quietFrom = undefined;
      } else if (quietFrom?.moment.nextTransactionId !== moment.nextTransactionId) {
        quietFrom = { moment, clock };
      } else if (clock - quietFrom.clock >= demand.quietMs) {
        const { at: from, nextTransactionId } = quietFrom.moment;
        const own = await ownMarkers();
        return {
          quietMs: demand.quietMs,
          from,
          to: moment.at,
          nextTransactionId,
          ...(own > 0 ? { ownMarkers: own } : {}),
        };
      }
      if (clock - started >= demand.deadlineMs) {
        throw notSilent(demand, writers, moment, await ownMarkers());
      }
      heartbeat(quietFrom === undefined ? 'a write is open' : `quiet since ${quietFrom.moment.at}`);
      await sleep(pollMs);
    }
  });
}
