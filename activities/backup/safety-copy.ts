import { Context } from '@temporalio/activity';
import type { SafetyCopy } from '../../workflows/contracts/evidence.ts';
import { DrError } from '../errors.ts';
import type { Database, ObjectStore } from '../ports.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { type ExportSummary, exportDatabase } from './export-database.ts';
import { measured } from './measured.ts';
import { requireSizeWithin } from './size-limit.ts';
import { type VerifiedExport, verifyExport } from './verify-export.ts';

/** What to copy, where to, and how much of it at most. */
export interface SafetyCopyInput {
  readonly schemas: readonly string[];
  /** Only these, `schema.table`; every table of the schemas when not given. */
  readonly tables?: readonly string[];
  /** Object key; what is there already is replaced, so that a retry is harmless. */
  readonly key: string;
  /** Largest size of the whole database, in bytes. */
  readonly maxBytes: number;
  /** Longest time for writing and reading back together, in ms. */
  readonly maxDurationMs: number;
}

/** What an activity tells while it copies. */
interface Progress {
  readonly phase: 'writing' | 'reading back';
  readonly bytes: number;
}

const heartbeatEveryMs = 1_000;

/**
 * Copies every table into the object store, then reads the object back and checks hash, layout and row counts. Only an
 * object that came back whole is a copy. Heartbeats every second with the bytes done.
 *
 * @returns where it lies and what it holds
 * @throws DrError `safety-copy-too-large`, `safety-copy-too-slow`, `safety-copy-unverified` (none retried), or what
 *   the database and the store throw
 */
export async function takeSafetyCopy(
  deps: { readonly database: Database; readonly store: ObjectStore },
  input: SafetyCopyInput,
): Promise<SafetyCopy> {
  const startedAt = performance.now();
  const context = Context.current();
  let progress: Progress = { phase: 'writing', bytes: 0 };
  const heartbeats = setInterval(() => context.heartbeat(progress), heartbeatEveryMs);
  const deadline = startDeadline(input.maxDurationMs, () => tooSlow(input, progress), context.cancelled);
  try {
    const written = await writeCopy(deps, input, deadline, (bytes) => {
      progress = { phase: 'writing', bytes };
    });
    context.heartbeat(progress);
    const found = await readBack(deps.store, input.key, deadline, (bytes) => {
      progress = { phase: 'reading back', bytes };
    });
    if (found.sha256 !== written.sha256) throw unverified('is not the one that was written.');
    return {
      bucket: deps.store.bucket,
      key: input.key,
      bytes: found.bytes,
      sha256: found.sha256,
      tables: found.rowCounts.map(({ schema, name, rows }) => ({ table: `${schema}.${name}`, rows })),
      snapshotAt: written.summary.header.snapshotAt,
      lsn: written.summary.header.lsn,
      durationMs: Math.round(performance.now() - startedAt),
    };
  } finally {
    clearInterval(heartbeats);
    deadline.clear();
  }
}

function writeCopy(
  { database, store }: { readonly database: Database; readonly store: ObjectStore },
  input: SafetyCopyInput,
  deadline: Deadline,
  progress: (bytes: number) => void,
): Promise<{ sha256: string; summary: ExportSummary }> {
  return database.session((session) =>
    // Inside the session: leaving it by the deadline closes the connection, whatever it waits for.
    deadline.within(
      (async () => {
        await requireSizeWithin(session, input.maxBytes);
        const { schemas, tables } = input;
        const copy = exportDatabase({ session, schemas, ...(tables === undefined ? {} : { tables }) });
        const stream = measured(copy.body, deadline.signal, progress);
        await store.put(input.key, stream.body, { contentType: 'application/json' });
        return { sha256: stream.sha256(), summary: copy.summary() };
      })(),
    ),
  );
}

async function readBack(
  store: ObjectStore,
  key: string,
  deadline: Deadline,
  progress: (bytes: number) => void,
): Promise<VerifiedExport> {
  const stream = await deadline.within(store.get(key));
  const { body } = measured(stream, deadline.signal, progress);
  try {
    return await verifyExport(body);
  } catch (error) {
    if (error instanceof DrError && error.type === 'verification-failed') {
      throw unverified(`cannot be used: ${error.explanation.happened}`);
    }
    throw error;
  }
}

function unverified(what: string): DrError {
  return new DrError('safety-copy-unverified', {
    happened: `What the object store gives back as the safety copy ${what}`,
    meaning: 'There is NO SAFETY COPY: what was stored does not count.',
    next: 'Retry the step; if it happens again, distrust the object store and use another one.',
  });
}

function tooSlow({ maxDurationMs }: SafetyCopyInput, { phase, bytes }: Progress): DrError {
  return new DrError('safety-copy-too-slow', {
    happened: `The safety copy took longer than ${maxDurationMs} ms (${phase}, ${bytes} bytes done).`,
    meaning: 'There is NO SAFETY COPY: what was stored so far does not count.',
    next: 'Raise the limit in the policy and retry, or decide at the gate to go on without a copy.',
  });
}
