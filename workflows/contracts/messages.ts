import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Answer, AnswerKind } from './decisions.ts';
import type { RecoveryFacts } from './facts.ts';
import type { RecoveryReport } from './report.ts';
import type { RecoveryStatus } from './status.ts';

/**
 * The signals that answer an open decision, by kind. A signal reaches the run also while no worker lives and gets no
 * reply: the verdict is read back from {@link statusQuery} under the answer's id.
 */
export const answerSignals = {
  approve: defineSignal<[Answer]>('approve'),
  reject: defineSignal<[Answer]>('reject'),
  retry: defineSignal<[Answer]>('retry'),
  replan: defineSignal<[Answer]>('replan'),
  skip: defineSignal<[Answer]>('skip'),
  'go-over': defineSignal<[Answer]>('goOver'),
  abort: defineSignal<[Answer]>('abort'),
  confirm: defineSignal<[Answer]>('confirm'),
} as const satisfies Record<AnswerKind, unknown>;

/** Asks an operation to stop at once, because a recovery needs the environment. */
export const standBackSignal = defineSignal('standBack');

/** Takes back what the monitor proposed; without effect once the recovery has begun. The argument says why. */
export const withdrawSignal = defineSignal<[{ readonly reason: string }]>('withdraw');

/** Reads how a run stands. Answered while a worker lives, also for closed runs. */
export const statusQuery = defineQuery<RecoveryStatus>('status');

/** Reads the report of a closed run; null while it runs. */
export const reportQuery = defineQuery<RecoveryReport | null>('report');

/** Reads the recorded facts, which the undo of each measure needs; input of a repair. */
export const undoFactsQuery = defineQuery<Partial<RecoveryFacts>>('undoFacts');
