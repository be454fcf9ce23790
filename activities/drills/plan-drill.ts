import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { DrillInput, DrillPlan } from '../../workflows/contracts/drills.ts';
import { isRunnableScenario, type RunnableScenario } from '../../workflows/contracts/names.ts';
import { chooseFault, configuredMeans } from './choose-fault.ts';
import type { DrillDependencies } from './dependencies.ts';
import { requireFreeStandby } from './drilled-standby.ts';
import { refused, requireDrillConfiguration, requireDrillGround } from './guard.ts';
import { leftDrills } from './open-drills.ts';

const scenario = z.custom<RunnableScenario>(isRunnableScenario, 'expected a scenario that has a runbook');
const requestSchema = z.object({
  environment: z.string(),
  startedBy: z.string().min(1).max(100),
  scenario: scenario.nullish(),
  fault: z.string().max(100).nullish(),
  surprise: z.boolean().optional(),
  simulateApprovals: z.boolean().optional(),
  unaided: z.boolean().optional(),
  participants: z.array(z.string().min(1).max(100)).max(50).optional(),
});

/**
 * Lets a drill in, or refuses it before anything was done: guards first, then what is asked for. Chooses what is broken
 * and who plays which part. In an activity, because a drawn lot must be recorded.
 *
 * @throws DrError `input-invalid` (not retried); the `provider-*` errors of the second guard
 */
export async function planDrill(deps: DrillDependencies, input: DrillInput): Promise<DrillPlan> {
  const everythingIsGone = await leftEverythingGone(deps, input.environment);
  if (!everythingIsGone) await requireDrillGround(deps, input.environment);
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw refused(`The drill cannot be read: ${problems.join('; ')}.`, 'Give it again: npx dr drill --help');
  }
  const request = parsed.data;
  const { drill, people, approval } = deps.policy;
  const participants =
    request.participants === undefined || request.participants.length === 0
      ? drill.participants
      : request.participants;
  const unknown = participants.filter((name) => !people.some((person) => person.name === name));
  if (unknown.length > 0) {
    throw refused(
      `${unknown.join(', ')} is not in the policy; it knows ${people.map(({ name }) => name).join(', ')}.`,
      'Name participants by their names in the policy.',
    );
  }
  const known = people.some(({ name }) => name === request.startedBy);
  const onCall = known ? request.startedBy : participants[0];
  const approver = [...participants, ...people.map(({ name }) => name)].find(
    (name) =>
      (name !== onCall || !approval.secondPerson) &&
      people.some((person) => person.name === name && person.mayApprove),
  );
  if (onCall === undefined || approver === undefined) {
    throw refused(
      'The policy names nobody who may start the recovery and somebody else who may approve it.',
      'Give the policy two people, one of whom may approve.',
    );
  }
  const {
    id,
    scenario: broken,
    title,
    noticed,
  } = chooseFault(
    drill,
    configuredMeans(deps),
    {
      scenario: request.scenario ?? null,
      fault: request.fault ?? null,
      surprise: request.surprise === true,
    },
    (below) => (below <= 1 ? 0 : randomInt(below)),
  );
  if (broken === 'complete-failure' && !everythingIsGone) await requireFreeStandby(deps);
  return { fault: { id, scenario: broken, title, noticed }, onCall, approver, participants };
}

/**
 * Whether an earlier drill may have left everything gone, its provider too, which can say nothing then: this drill puts
 * that in order first, and asks the provider just before it breaks anything.
 */
async function leftEverythingGone(deps: DrillDependencies, environment: string): Promise<boolean> {
  requireDrillConfiguration(deps, environment);
  return (await leftDrills(deps, { environment })).some(({ scenario }) => scenario === 'complete-failure');
}
