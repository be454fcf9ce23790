import { Context } from '@temporalio/activity';
import { nothingRemembered } from '../../../../activities/monitoring/memory.ts';
import type {
  Evidence,
  Observation,
  ObserveInput,
  SignalName,
} from '../../../../workflows/contracts/monitoring.ts';
import type { RunnableScenario } from '../../../../workflows/contracts/names.ts';

/** What the production of one environment shows, by signal, and what was done to it. */
interface Production {
  readonly troubles: Map<SignalName, RunnableScenario | null>;
  readonly done: string[];
  /** What waits until it is let go. */
  readonly held: Map<string, Promise<void>>;
}

const productions = new Map<string, Production>();

/** What an environment is like. */
export function productionOf(environment: string): Production {
  const known = productions.get(environment);
  if (known !== undefined) return known;
  const fresh = { troubles: new Map(), done: [], held: new Map() };
  productions.set(environment, fresh);
  return fresh;
}

/** One thing that a rehearsal does to its production; mending one ends every trouble. */
export async function act(what: string): Promise<void> {
  const { workflowExecution } = Context.current().info;
  const environment = workflowExecution?.workflowId.replace('recovery-', '') ?? '';
  const { done, troubles, held } = productionOf(environment);
  await held.get(what);
  done.push(what);
  if (what.endsWith(': mend')) troubles.clear();
}

/** Looks as the real activity does: until something changes, or the time is over. */
export async function observe(input: ObserveInput): Promise<Observation> {
  const context = Context.current();
  const production = productionOf(input.environment);
  const until = Date.now() + Math.min(input.forMs, 1_000);
  const wasBad = input.states.filter(({ trouble }) => trouble).map(({ signal }) => signal);
  const before = new Set(wasBad.filter((signal) => input.forget?.includes(signal) !== true));
  for (;;) {
    const { troubles } = production;
    const changed = [
      ...[...troubles.keys()].filter((signal) => !before.has(signal)),
      ...[...before].filter((signal) => !troubles.has(signal)),
    ];
    if (changed.length > 0 || Date.now() >= until) {
      const at = new Date().toISOString();
      const signals = new Set([...input.states.map(({ signal }) => signal), ...troubles.keys()]);
      return {
        states: [...signals].map((signal) => {
          const trouble = troubles.has(signal);
          return {
            signal,
            trouble,
            badInARow: trouble ? 2 : 0,
            goodInARow: trouble ? 0 : 2,
            lastGoodAt: null,
            badSince: trouble ? at : null,
            probedAt: at,
            found: trouble ? `${signal} is bad` : 'fine',
            expected: 'fine',
            unreachable: [],
            tellsOnly: false,
          };
        }),
        memory: nothingRemembered,
        evidence: [...troubles].map(
          ([signal, scenario]): Evidence => ({
            signal,
            scenario,
            since: at,
            lastGoodAt: at,
            found: `${signal} is bad`,
            expected: 'fine',
            unreachable: [],
          }),
        ),
        changed,
        marker: null,
        endedAt: at,
      };
    }
    context.heartbeat();
    await context.sleep(20);
  }
}
