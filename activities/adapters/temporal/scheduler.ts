import { type Client, type ScheduleDescription, ScheduleNotFoundError } from '@temporalio/client';
import {
  type OperationName,
  operationWorkflows,
  type ScheduleSpec,
  type ScheduleState,
} from '../../../workflows/contracts/operations.ts';
import { DrError } from '../../errors.ts';
import type { ScheduleChange, Scheduler } from '../../ports.ts';
import type { TemporalAccess } from './access.ts';
import { isAsPolicy } from './as-policy.ts';
import { parseCron } from './cron.ts';
import { defineSchedule, owner, scheduleId } from './definition.ts';
import { requireEnvironmentName } from './environment-name.ts';
import { matchingTimes } from './matching-times.ts';

/** How far ahead upcoming moments are looked for, in ms: a monthly schedule has twelve in it. */
const horizonMs = 400 * 24 * 60 * 60 * 1000;

/** The {@link Scheduler} on Temporal's schedules. It touches only schedules whose memo says that they are ours. */
export function createScheduler(access: TemporalAccess): Scheduler {
  return {
    async apply(environment, specs) {
      requireEnvironmentName(environment);
      for (const { cron } of specs) cron.forEach(parseCron);
      return access.reach('setting up the schedules', async (client) => {
        const found = new Map<string, ScheduleDescription>();
        for (const spec of specs) {
          const schedule = await describe(client, scheduleId(environment, spec.id));
          if (schedule === undefined) continue;
          requireOurs(schedule, environment);
          found.set(spec.id, schedule);
        }
        const changes: ScheduleChange[] = [];
        for (const spec of specs) {
          changes.push({ id: spec.id, change: await settle(client, environment, spec, found.get(spec.id)) });
        }
        for (const { id, schedule } of await unnamed(client, environment, specs)) {
          await client.schedule.getHandle(schedule.scheduleId).delete();
          changes.push({ id, change: 'removed' });
        }
        return changes;
      });
    },

    async list(environment, specs, upcoming) {
      requireEnvironmentName(environment);
      return access.reach('reading the schedules', async (client) => {
        const states: ScheduleState[] = [];
        for (const spec of specs) {
          const schedule = await describe(client, scheduleId(environment, spec.id));
          if (schedule === undefined || !isOurs(schedule, environment)) continue;
          states.push({
            ...(await stateOf(client, schedule, upcoming)),
            id: spec.id,
            operation: spec.operation,
            asPolicy: isAsPolicy(schedule, environment, spec),
          });
        }
        for (const { id, schedule } of await unnamed(client, environment, specs)) {
          const operation = operationOf(schedule.action.workflowType);
          if (operation === undefined) continue;
          states.push({ ...(await stateOf(client, schedule, upcoming)), id, operation, asPolicy: false });
        }
        return states;
      });
    },

    async matchingTimes(environment, id, fromUtc, toUtc) {
      requireEnvironmentName(environment);
      const range = { from: new Date(fromUtc), to: new Date(toUtc) };
      return access.reach('reading the moments of a schedule', async (client) => {
        const moments: string[] = [];
        for await (const moment of matchingTimes(client, scheduleId(environment, id), range)) {
          moments.push(moment.toISOString());
        }
        return moments;
      });
    },
  };
}

async function settle(
  client: Client,
  environment: string,
  spec: ScheduleSpec,
  found: ScheduleDescription | undefined,
): Promise<ScheduleChange['change']> {
  const wanted = defineSchedule(environment, spec);
  if (found === undefined) {
    await client.schedule.create(wanted);
    return 'created';
  }
  if (isAsPolicy(found, environment, spec)) return 'unchanged';
  const { scheduleId: id, memo: _, ...update } = wanted;
  await client.schedule.getHandle(id).update(() => update);
  return 'updated';
}

async function describe(client: Client, id: string): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

/** Schedules of ours that no spec names. Temporal's list lags, so each is looked at again before it is believed. */
async function unnamed(client: Client, environment: string, specs: readonly ScheduleSpec[]) {
  const named = new Set(specs.map(({ id }) => scheduleId(environment, id)));
  const found: { id: string; schedule: ScheduleDescription }[] = [];
  for await (const { scheduleId: listed, memo } of client.schedule.list()) {
    if (named.has(listed) || !isOurs({ memo }, environment)) continue;
    const schedule = await describe(client, listed);
    if (schedule === undefined) continue;
    found.push({ id: listed.slice(scheduleId(environment, '').length), schedule });
  }
  return found;
}

async function stateOf(
  client: Client,
  { scheduleId: id, state, info }: ScheduleDescription,
  upcoming: number,
) {
  const next = info.nextActionTimes.slice(0, upcoming);
  // The description holds ten moments at most.
  if (next.length < upcoming) {
    const now = new Date();
    next.length = 0;
    for await (const moment of matchingTimes(client, id, {
      from: now,
      to: new Date(now.getTime() + horizonMs),
    })) {
      if (next.push(moment) === upcoming) break;
    }
  }
  return {
    paused: state.paused,
    nextAt: next.map((moment) => moment.toISOString()),
    lastAt: info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
    changedAt: (info.lastUpdatedAt ?? info.createdAt).toISOString(),
    missedCatchupWindow: info.numActionsMissedCatchupWindow,
    skippedOverlap: info.numActionsSkippedOverlap,
    running: info.runningActions.length,
  };
}

function isOurs(
  { memo }: { readonly memo?: Readonly<Record<string, unknown>> | undefined },
  environment: string,
): boolean {
  return memo?.['managedBy'] === owner && memo['environment'] === environment;
}

function operationOf(workflowType: string): OperationName | undefined {
  return Object.keys(operationWorkflows)
    .filter(isOperationName)
    .find((name) => operationWorkflows[name] === workflowType);
}

function isOperationName(name: string): name is OperationName {
  return name in operationWorkflows;
}

function requireOurs(schedule: ScheduleDescription, environment: string): void {
  if (isOurs(schedule, environment)) return;
  throw new DrError('configuration-invalid', {
    happened: `Temporal already has a schedule "${schedule.scheduleId}" that these runbooks did not make.`,
    meaning: 'No schedule was changed: somebody else may depend on it.',
    next: 'Remove or rename it in Temporal, or give the policy’s schedule another id, and apply again.',
  });
}
