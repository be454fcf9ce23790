import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { composeActivities } from '../../worker/compose.ts';
import type { Policy } from '../../workflows/contracts/policy.ts';
import type { LossSurvey, TargetRequest } from '../../workflows/contracts/recovery-point.ts';
import { inActivity } from '../activities/in-activity.ts';

type Activities = ReturnType<typeof composeActivities>['activities'];

/** What a recovery by hand works with. */
interface ByHand {
  readonly activities: Activities;
  readonly policy: Policy;
  readonly environment: string;
  readonly target: TargetRequest;
}

/** As the runbook looks again right before the restore. */
const shortestQuietMs = 1_000;

/**
 * The recovery from data loss as a plain script: the calls of the runbook's activities, in its order and with its
 * waits, without Temporal and without people. It knows no retry, no gate, no undo and no report, and is lost when its
 * process ends.
 */
export async function recoverByHand(given: ByHand): Promise<void> {
  const context = new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') });
  await inActivity(context, () => recover(given));
}

async function recover({ activities, policy, environment, target }: ByHand): Promise<void> {
  const { schemas, timestampColumns, fence, restore, health } = policy;
  const keyPrefix = `by-hand/${randomUUID()}`;

  const { targetUnix } = await activities.findRecoveryPoint({
    target,
    rpoMs: policy.objectives['data-loss'].rpoMs,
    providerLagMs: restore.providerLagMs,
  });
  const survey = () => surveyLoss(activities, policy, environment, targetUnix);
  await survey();

  const before = await activities.readApplicationState();
  await activities.pauseDeployments();
  await activities.stopApplication();
  const { allowedCidrs } = await activities.readNetworkRestrictions();
  await activities.raiseFence({ operatorCidrs: fence.operatorCidrs, openRoads: fence.openRoads });
  await activities.proveSilence({ quietMs: fence.quietMs, deadlineMs: fence.deadlineMs });

  const inventory = await activities.takeInventory({
    jobQueues: policy.jobQueues,
    schemas,
    keysPrefix: `${keyPrefix}/inventory`,
  });
  await activities.takeSafetyCopy({ schemas, key: `${keyPrefix}/safety-copy.json`, ...policy.safetyCopy });
  const counts = await survey();

  const maximumLoss = counts.tables.map(({ table, discarded }) => ({ table, rows: discarded }));
  await Promise.all([
    activities.recheckTarget({ targetUnix, providerLagMs: restore.providerLagMs }),
    activities.recheckLoss({ targetUnix, maximumLoss, schemas, timestampColumns }),
    activities.readNetworkRestrictions(),
    activities.readApplicationState(),
  ]);
  await activities.proveSilence({
    quietMs: Math.min(fence.quietMs, shortestQuietMs),
    deadlineMs: fence.deadlineMs,
  });
  const { nonce } = await activities.armRestore({ targetUnix, nonce: randomUUID() });
  const sent = await activities.sendRestoreRequest({
    targetUnix,
    deadlineUnixMs: Date.now() + restore.requestDeadlineMs,
    approvedInRun: activityInfo().workflowExecution?.runId ?? '',
  });
  if (sent.kind !== 'accepted') throw new Error(`The restore request was not accepted: ${sent.kind}.`);
  await activities.settleRestore({ nonce, settleMs: restore.settleMs });
  await activities.awaitRestored({ nonce, deadlineMs: restore.deadlineMs });

  await activities.verifyRestored({
    targetUnix,
    before: counts,
    invariants: policy.invariants,
    schemas,
    timestampColumns,
  });
  await activities.reconcileAfterRewind({
    inventory,
    schemas,
    jobQueues: policy.jobQueues,
    applicationRoles: policy.applicationRoles,
    fileReferences: policy.fileReferences,
  });

  await activities.lowerFence({ allowedCidrs });
  if (before.deploymentId !== null) {
    await activities.startApplication({
      deploymentId: before.deploymentId,
      deadlineMs: health.deadlineMs,
    });
  }
  await activities.watchHealth(health);
  await activities.resumeDeployments({ enabled: before.autoDeployEnabled });
  await activities.recordBaseline({ environment, survey: await survey() });
  await activities.mailTeam({
    recipients: policy.mail.team,
    subject: `[${environment}] The application is healthy again`,
    lines: ['The database was restored and verified.'],
    dedupeKey: `${keyPrefix}/tell-team`,
  });
}

async function surveyLoss(
  activities: Activities,
  { schemas, timestampColumns }: Policy,
  environment: string,
  targetUnix: number,
): Promise<LossSurvey> {
  const recorded = await activities.readBaseline({ environment, atOrBeforeUnix: targetUnix });
  const baseline = recorded && {
    recordedUnix: Math.ceil(Date.parse(recorded.takenAt) / 1000),
    tables: recorded.tables,
  };
  return activities.surveyLoss({
    targetUnix,
    schemas,
    timestampColumns,
    ...(baseline === null ? {} : { baseline }),
  });
}
