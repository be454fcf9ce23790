import type { PolicyPatch } from '../sandbox/policy-patch.ts';
import type { ChaosCase } from './case.ts';
import { type CaseResult, runCase } from './run-case.ts';
import type { Stage } from './stage.ts';
import { startStage } from './stages/index.ts';

/** Runs cases one after the other; those of one accident share a production as long as it can be made whole again. */
export async function* runCases(cases: readonly ChaosCase[]): AsyncGenerator<CaseResult> {
  let current: { readonly accident: ChaosCase['accident']; readonly stage: Stage } | undefined;
  let workerPolicy: PolicyPatch | undefined;
  const stop = async () => {
    const stage = current?.stage;
    current = undefined;
    await stage?.stop();
  };
  const interrupted = () => void stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    for (const chaosCase of groupedByAccident(cases)) {
      const { scenario, accident, name, policy } = chaosCase;
      const startedAt = Date.now();
      try {
        if (current?.accident !== accident) {
          await stop();
          current = { accident, stage: await startStage[scenario](policy, accident) };
        } else if (workerPolicy !== policy) {
          await current.stage.production.startWorker(policy);
          await current.stage.production.retireWorkers();
        }
        workerPolicy = policy;
        yield await runCase(current.stage, chaosCase);
      } catch (error) {
        // What is left of this production says nothing about the next case.
        await stop();
        const durationMs = Date.now() - startedAt;
        yield { scenario, name, durationMs, asked: [], effects: [], violations: [String(error)] };
      }
    }
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await stop();
  }
}

function groupedByAccident(cases: readonly ChaosCase[]): readonly ChaosCase[] {
  const accidents = [...new Set(cases.map(({ accident }) => accident))];
  return accidents.flatMap((accident) => cases.filter((chaosCase) => chaosCase.accident === accident));
}
