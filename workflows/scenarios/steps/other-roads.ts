import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { TargetRequest } from '../../contracts/recovery-point.ts';
import { activities } from '../../runbook/activities.ts';
import { type ExplainedFailure, explainFailure } from '../../runbook/failure.ts';
import { duration, plural, utc } from '../../runbook/format.ts';
import type { StepContext, WaysOn } from '../../runbook/runbook.ts';
import { newestOwnBackup } from './own-backups.ts';
import { lossInOneLine, surveyLoss } from './survey-loss.ts';
import { lastKeptMoment } from './target-moment.ts';

/** How long other roads are looked for, ms: a person waits for the question, and a start for its refusal. */
const searchMs = 30_000;

/** Failures that leave point-in-time recovery no way to the target. */
const outOfReach: readonly string[] = ['target-outside-window', 'pitr-not-enabled'];

type Fact = WaysOn['facts'][number];

/**
 * The roads to a target that point-in-time recovery cannot reach: a backup that the provider lists and the newest own
 * export before it, each with what it loses and how it is gone. Null where the failure is another one.
 */
export async function otherRoads(
  failure: ExplainedFailure,
  context: StepContext,
  target: TargetRequest | null,
): Promise<WaysOn | null> {
  if (target === null || !outOfReach.includes(failure.type)) return null;
  const kept = lastKeptMoment(target);
  // What was not found out in time is told as such; the question and the refusal do not wait for it.
  const roads = await CancellationScope.withTimeout(searchMs, () =>
    Promise.all([ownRoad(context, kept), listedRoad(context, kept)]),
  );
  return { facts: roads.flat(), goesOver: null };
}

/** The newest own export that does not show what was to be undone, and how production is rebuilt from it. */
async function ownRoad(context: StepContext, kept: string): Promise<Fact[]> {
  const { newest, without } = await newestOwnBackup(kept);
  const label = 'Road: own export';
  if (newest === null) {
    return [{ label, value: `none from before ${utc(kept)}: ${without.join('; ')}` }];
  }
  const { key, location, snapshotAt } = newest;
  const { environment } = context;
  return [
    {
      label,
      value: `${key} at ${location}, read whole just now, shows ${utc(snapshotAt)}, ${before(snapshotAt, kept)}; ${await lossOf(context, snapshotAt)}`,
    },
    {
      label: 'Rebuild from it',
      value: `npx dr start complete-failure --environment ${environment} --backup ${key} --reason "…"`,
    },
    {
      label: 'Only look at it',
      value: `npx dr backup restore ${key} --environment ${environment} --into RESTORE_DATABASE_URL --database look`,
    },
  ];
}

/** The provider's newest listed backup from before; only its dashboard restores one. */
async function listedRoad(context: StepContext, kept: string): Promise<Fact[]> {
  const label = 'Road: provider’s backup';
  const { backups, project } = await activities.restore.readRecoverability();
  const usable = backups
    .filter(({ insertedAt }) => Date.parse(insertedAt) <= Date.parse(kept))
    .sort((a, b) => Date.parse(b.insertedAt) - Date.parse(a.insertedAt));
  const [newest] = usable;
  if (newest === undefined) {
    return [
      {
        label,
        value: `none of the ${plural(backups.length, 'listed backup', 'listed backups')} is from before ${utc(kept)}`,
      },
    ];
  }
  const { id, insertedAt, status } = newest;
  const name = id === null ? '' : `, number ${id}`;
  const older = usable.length === 1 ? '' : `; ${usable.length - 1} older ones are listed`;
  return [
    {
      label,
      value: `of ${utc(insertedAt)} (${status}${name}), ${before(insertedAt, kept)}; ${await lossOf(context, insertedAt)}${older}`,
    },
    {
      label: 'Restore it',
      value: `by hand: stop the application, then in the dashboard of ${project.provider}, project ${project.name} (${project.ref}): Database, Backups, that backup, Restore`,
    },
  ];
}

function before(moment: string, kept: string): string {
  return `${duration(Date.parse(kept) - Date.parse(moment))} before the target`;
}

/** Rows that going back to a moment discards, as the database tells now. */
async function lossOf({ policy, environment }: StepContext, moment: string): Promise<string> {
  try {
    const survey = await surveyLoss(policy, environment, Math.floor(Date.parse(moment) / 1000));
    return lossInOneLine(survey.tables);
  } catch (error) {
    const why = isCancellation(error) ? 'not counted in time' : explainFailure(error).happened;
    return `discards every row committed since; how many is not known (${why})`;
  }
}
