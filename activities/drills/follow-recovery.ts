import { Context } from '@temporalio/activity';
import type { EndedRecovery, RecoveryRunId } from '../../workflows/contracts/drills.ts';
import type { DrillDependencies } from './dependencies.ts';
import { simulatedAnswer } from './simulated-answer.ts';

/** Whose answers are given by the drill; null where people are really asked. */
export type Simulation = { readonly by: string; readonly drillId: string } | null;

/**
 * Waits until a recovery is over, and gives the answers where they are simulated. Takes no part otherwise: a recovery that
 * waits for a person is waited for as long as that takes. Heartbeats.
 *
 * @throws DrError `orchestrator-unavailable` (retried)
 */
export async function followRecovery(
  { desk, policy }: DrillDependencies,
  { run, simulation }: { readonly run: RecoveryRunId; readonly simulation: Simulation },
): Promise<EndedRecovery> {
  const context = Context.current();
  const { workflowId } = run;
  let { runId } = run;
  const answered = new Set<string>();
  const asked = new Map<string, number>();
  for (;;) {
    const seen = await desk.look(workflowId, runId);
    if (seen.runId !== runId) answered.clear();
    runId = seen.runId;
    if (seen.state === 'over') return { run: { workflowId, runId }, report: seen.report, left: seen.left };
    const open = seen.status?.open ?? null;
    context.heartbeat({
      doing: open === null ? 'following the recovery' : `it asks: ${open.question}`,
      bytes: 0,
    });
    if (simulation !== null && open !== null && !answered.has(open.id)) {
      answered.add(open.id);
      const times = (asked.get(open.step) ?? 0) + 1;
      asked.set(open.step, times);
      const given = simulatedAnswer(open, times, { ...simulation, workflowId, runId });
      if (given !== null) await desk.answer(workflowId, runId, given.kind, given.answer);
    }
    await context.sleep(policy.pollEveryMs);
  }
}

/** A recovery and when it was started (RFC 3339, UTC). */
export type StartedRecovery = RecoveryRunId & { readonly startedAt: string };

/**
 * Looks for a recovery of the environment that was started since a moment.
 *
 * @param input.since RFC 3339
 * @param input.withinMs how long after that moment one is waited for; 0 for one look
 * @returns null where there is none
 * @throws DrError `orchestrator-unavailable` (retried)
 */
export async function findRecovery(
  { desk, policy }: DrillDependencies,
  input: { readonly environment: string; readonly since: string; readonly withinMs: number },
): Promise<StartedRecovery | null> {
  const { environment, since, withinMs } = input;
  const context = Context.current();
  const giveUpAt = Date.parse(since) + withinMs;
  for (;;) {
    const newest = await desk.newest(environment);
    if (newest !== null && Date.parse(newest.startedAt) >= Date.parse(since)) return newest;
    if (Date.now() >= giveUpAt) return null;
    context.heartbeat({ doing: 'waiting for the monitor to notice', bytes: 0 });
    await context.sleep(policy.pollEveryMs);
  }
}
