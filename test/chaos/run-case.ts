import type { RecoveryReport } from '../../workflows/contracts/report.ts';
import { Recovery } from '../end-to-end/recovery.ts';
import type { ChaosCase } from './case.ts';
import { answerEverything } from './on-call.ts';
import { repairLeftovers } from './repair-leftovers.ts';
import type { Effect, Stage } from './stage.ts';
import { strikeAll } from './strike.ts';
import { violations } from './violations.ts';
import { callsSoFar, Witness } from './witness.ts';

/** What came of one case. */
export interface CaseResult {
  readonly scenario: ChaosCase['scenario'];
  readonly name: string;
  readonly durationMs: number;
  /** What people were asked besides the usual. */
  readonly asked: readonly string[];
  /** What was done that cannot be taken back, and how often. */
  readonly effects: readonly string[];
  readonly violations: readonly string[];
}

/** Lets the accident happen and recovers from it while what the case says happens; checks every rule, and clears up. */
export async function runCase(stage: Stage, chaosCase: ChaosCase): Promise<CaseResult> {
  const { production } = stage;
  const { sandbox } = production;
  const { scenario, name } = chaosCase;
  const startedAt = Date.now();
  const whole = await stage.standing();
  const accident = await stage.begin();
  let report: RecoveryReport | null = null;
  try {
    const found = await stage.standing();
    const effectsBefore = stage.effects();
    chaosCase.faults?.(sandbox);
    const before = callsSoFar(sandbox);
    const recovery = await Recovery.launch(
      sandbox,
      { environment: 'sandbox', startedBy: 'oncall', ...accident.input },
      scenario,
    );
    const witness = new Witness(sandbox, recovery, before);
    const striking = strikeAll(production, chaosCase, witness);
    const asked = await answerEverything({ recovery, witness, accident, chaosCase }).catch(
      async (error: unknown) => {
        witness.leave();
        await striking;
        throw error;
      },
    );
    const missed = await striking;
    // A woken worker goes on with what it had; the log is read once it has nothing left.
    await production.retireWorkers();
    const end = await recovery.end();
    report = end.report;
    const effects = newEffects(stage.effects(), effectsBefore);
    const broken = await violations({
      chaosCase,
      ...end,
      gateLedTo: asked.gateLedTo,
      restores: witness.restores(),
      effects,
      whole,
      found,
      standing: () => stage.standing(),
      history: await recovery.handle.fetchHistory(),
    });
    const wrong = await accident.judge(report);
    sandbox.supabase.faults.clear();
    sandbox.railway.faults.clear();
    const unrepaired = await repairLeftovers(sandbox, recovery, report);
    return {
      scenario,
      name,
      durationMs: Date.now() - startedAt,
      asked: asked.unusual,
      effects: effects.flatMap(({ what, count }) => (count === 0 ? [] : [`${count} ${what}`])),
      violations: [...broken, ...wrong, ...unrepaired, ...(missed === null ? [] : [missed])],
    };
  } finally {
    await production.retireWorkers();
    sandbox.supabase.faults.clear();
    sandbox.railway.faults.clear();
    // A production whose run did not end is thrown away: what matters is why it did not.
    const cleared = accident.clear(report);
    await (report === null ? cleared.catch(() => undefined) : cleared);
  }
}

function newEffects(now: readonly Effect[], before: readonly Effect[]): readonly Effect[] {
  return now.map((effect) => ({
    ...effect,
    count: effect.count - (before.find(({ what }) => what === effect.what)?.count ?? 0),
  }));
}
