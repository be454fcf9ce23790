import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { AlertingActivities } from '../../activities/alerting/index.ts';
import type { ApplicationActivities } from '../../activities/application/index.ts';
import type { BackupActivities } from '../../activities/backup/index.ts';
import type { CoordinationActivities } from '../../activities/coordination/index.ts';
import type { DatabaseActivities } from '../../activities/database/index.ts';
import type { EvidenceActivities } from '../../activities/evidence/index.ts';
import type { GovernanceActivities } from '../../activities/governance/index.ts';
import type { NotificationActivities } from '../../activities/notification/index.ts';
import type { ProviderBackupsActivities } from '../../activities/provider-backups/index.ts';
import type { RestoreActivities } from '../../activities/restore/index.ts';
import type { RestoreTestActivities } from '../../activities/restore-test/index.ts';
import type { UploadsActivities } from '../../activities/uploads/index.ts';
import type { VaultActivities } from '../../activities/vault/index.ts';

/** A worker that is alive says so every few seconds, whatever the activity does; silence for this long means it died. */
const heartbeatTimeout = '10 seconds';

/** How activities are tried, by what they do. Named, so that a call says what it is and not a number. */
const attempts = {
  /** Reads that answer in seconds; after five tries a person should know. */
  reads: {
    startToCloseTimeout: '1 minute',
    heartbeatTimeout,
    retry: {
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '10 seconds',
      maximumAttempts: 5,
    },
  },
  /** Reads of whole tables: as long as they need. */
  scans: {
    startToCloseTimeout: '2 hours',
    heartbeatTimeout,
    retry: {
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '10 seconds',
      maximumAttempts: 5,
    },
  },
  /** Idempotent changes and waits for their effect; cancelled only once they have really stopped. */
  changes: {
    startToCloseTimeout: '2 hours',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      initialInterval: '1 second',
      backoffCoefficient: 2,
      maximumInterval: '15 seconds',
      maximumAttempts: 5,
    },
  },
  /** The one call that must not be made twice. */
  once: { startToCloseTimeout: '1 minute', heartbeatTimeout, retry: { maximumAttempts: 1 } },
  /** What a recovery asks of others before it begins; it does not wait long for an answer. */
  courtesy: { startToCloseTimeout: '45 seconds', heartbeatTimeout, retry: { maximumAttempts: 2 } },
  /** Mail: a server that is down for an hour must not lose one. */
  mail: {
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout,
    retry: {
      initialInterval: '2 seconds',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
      maximumAttempts: 80,
    },
  },
  /** Verdicts and digests: there is no way on without them, and nothing outside that could refuse. */
  always: {
    startToCloseTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
  },
} as const satisfies Record<string, ActivityOptions>;

const restoreReads = proxyActivities<RestoreActivities>(attempts.reads);
const restoreChanges = proxyActivities<RestoreActivities>(attempts.changes);

/** The activities as the runbooks call them, each with the retry policy that fits what it does. */
export const activities = {
  governance: proxyActivities<GovernanceActivities>(attempts.always),
  restore: {
    findRecoveryPoint: restoreReads.findRecoveryPoint,
    readNetworkRestrictions: restoreReads.readNetworkRestrictions,
    recheckTarget: restoreReads.recheckTarget,
    raiseFence: restoreChanges.raiseFence,
    lowerFence: restoreChanges.lowerFence,
    armRestore: restoreChanges.armRestore,
    settleRestore: restoreChanges.settleRestore,
    awaitRestored: restoreChanges.awaitRestored,
    sendRestoreRequest: proxyActivities<RestoreActivities>(attempts.once).sendRestoreRequest,
  },
  database: proxyActivities<DatabaseActivities>(attempts.scans),
  backup: proxyActivities<BackupActivities>(attempts.changes),
  applicationReads: proxyActivities<ApplicationActivities>(attempts.reads),
  application: proxyActivities<ApplicationActivities>(attempts.changes),
  notification: proxyActivities<NotificationActivities>(attempts.mail),
  /** The same, for a step that must not hold the recovery back. */
  quickNotification: proxyActivities<NotificationActivities>(attempts.reads),
  evidence: proxyActivities<EvidenceActivities>(attempts.reads),
  coordination: proxyActivities<CoordinationActivities>(attempts.reads),
  courtesy: proxyActivities<CoordinationActivities>(attempts.courtesy),
  alerting: proxyActivities<AlertingActivities>(attempts.reads),
  webhook: proxyActivities<AlertingActivities>(attempts.mail),
  providerBackups: proxyActivities<ProviderBackupsActivities>(attempts.reads),
  vault: proxyActivities<VaultActivities>(attempts.changes),
  uploads: proxyActivities<UploadsActivities>(attempts.changes),
  restoreTest: proxyActivities<RestoreTestActivities>(attempts.changes),
};
