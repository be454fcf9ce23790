import type { DrillFault } from '../../workflows/contracts/drill-faults.ts';
import type { RunnableScenario } from '../../workflows/contracts/names.ts';
import type { DrillPolicy } from '../../workflows/contracts/policy.ts';
import type { DrillDependencies } from './dependencies.ts';
import { refused } from './guard.ts';

/** What is asked for; null where it is left open. */
export interface FaultRequest {
  readonly scenario: RunnableScenario | null;
  readonly fault: string | null;
  readonly surprise: boolean;
}

/** Tells whether there is anywhere to rebuild production. */
const standbyVariable = 'STANDBY_DATABASE_URL';

/** The variables of this worker that faults need, those that are set. */
export function configuredMeans({
  commands,
  standby,
}: Pick<DrillDependencies, 'commands' | 'standby'>): ReadonlySet<string> {
  return new Set([...commands.keys(), ...(standby === null ? [] : [standbyVariable])]);
}

/** What a fault needs and this worker does not have; null where it can be made. */
export function missingFor(
  { by, scenario }: Pick<DrillFault, 'by' | 'scenario'>,
  configured: ReadonlySet<string>,
): string | null {
  const needed = [
    ...(by.kind === 'command' ? [by.variable] : []),
    ...(scenario === 'complete-failure' ? [standbyVariable] : []),
  ];
  const missing = needed.find((variable) => !configured.has(variable));
  return missing === undefined ? null : `${missing} is not set`;
}

/**
 * Chooses what is broken: what was asked for, or the first that can be made here, or one drawn by lot, each scenario
 * as likely as the others.
 *
 * @param draw gives an integer from 0 to below its argument
 * @throws DrError `input-invalid` for what does not exist, does not fit together or cannot be made here
 */
export function chooseFault(
  policy: Pick<DrillPolicy, 'faults' | 'scenario'>,
  configured: ReadonlySet<string>,
  request: FaultRequest,
  draw: (below: number) => number,
): DrillFault {
  const { scenario, fault: id, surprise } = request;
  if (id !== null) return named(policy, configured, id, scenario);
  const possible = policy.faults.filter((fault) => missingFor(fault, configured) === null);
  const wanted = scenario ?? (surprise ? null : policy.scenario);
  const fitting = possible.filter((fault) => wanted === null || fault.scenario === wanted);
  const scenarios = [...new Set(fitting.map((fault) => fault.scenario))];
  const drawn = surprise ? scenarios[draw(scenarios.length)] : scenarios[0];
  const candidates = fitting.filter((fault) => fault.scenario === drawn);
  const chosen = surprise ? candidates[draw(candidates.length)] : candidates[0];
  if (chosen !== undefined) return chosen;
  const lacking = policy.faults
    .filter((fault) => wanted === null || fault.scenario === wanted)
    .map((fault) => `${fault.id}: ${missingFor(fault, configured)}`);
  throw refused(
    `No fault ${wanted === null ? '' : `of ${wanted} `}can be made here${lacking.length === 0 ? ': the policy has none' : ` (${lacking.join('; ')})`}.`,
    'See which there are: npx dr drill list',
  );
}

function named(
  policy: Pick<DrillPolicy, 'faults'>,
  configured: ReadonlySet<string>,
  id: string,
  scenario: RunnableScenario | null,
): DrillFault {
  const list = 'See which there are: npx dr drill list';
  const fault = policy.faults.find((candidate) => candidate.id === id);
  if (fault === undefined) throw refused(`There is no fault ${JSON.stringify(id.slice(0, 100))}.`, list);
  if (scenario !== null && fault.scenario !== scenario) {
    throw refused(`The fault ${id} is one of ${fault.scenario}, not of ${scenario}.`, list);
  }
  const missing = missingFor(fault, configured);
  if (missing !== null) throw refused(`The fault ${id} cannot be made here: ${missing}.`, list);
  return fault;
}
