import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities,
} from '@temporalio/workflow';
import type { AlertingActivities } from '../../activities/alerting/index.ts';
import type { CrashActivities } from '../../activities/application/crash/index.ts';
import type { ApplicationActivities } from '../../activities/application/index.ts';
import type { AttestationActivities } from '../../activities/attestations/index.ts';
import type { BackupActivities } from '../../activities/backup/index.ts';
import type { CleanPointActivities } from '../../activities/clean-point/index.ts';
import type { CoordinationActivities } from '../../activities/coordination/index.ts';
import type { CredentialActivities } from '../../activities/credentials/index.ts';
import type { DatabaseActivities } from '../../activities/database/index.ts';
import type { DrillActivities } from '../../activities/drills/index.ts';
import type { EvidenceActivities } from '../../activities/evidence/index.ts';
import type { FingerprintActivities } from '../../activities/fingerprint/index.ts';
import type { GovernanceActivities } from '../../activities/governance/index.ts';
import type { IncidentActivities } from '../../activities/incidents/index.ts';
import type { MonitoringActivities } from '../../activities/monitoring/index.ts';
import type { NotificationActivities } from '../../activities/notification/index.ts';
import type { PowerActivities } from '../../activities/platform-power/index.ts';
import type { ProviderBackupsActivities } from '../../activities/provider-backups/index.ts';
import type { ReadinessActivities } from '../../activities/readiness/index.ts';
import type { RestoreActivities } from '../../activities/restore/index.ts';
import type { RestoreIntoActivities } from '../../activities/restore-into/index.ts';
import type { RestoreTestActivities } from '../../activities/restore-test/index.ts';
import type { ReviewActivities } from '../../activities/reviews/index.ts';
import type { SecurityActivities } from '../../activities/security/index.ts';
import type { StandbyActivities } from '../../activities/standby/index.ts';
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
  /** One look, in seconds: that nobody answers is what it finds. */
  probes: { startToCloseTimeout: '20 seconds', heartbeatTimeout, retry: { maximumAttempts: 1 } },
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
  /** Looking back at a run's own past, until Temporal answers. */
  past: {
    startToCloseTimeout: '1 minute',
    heartbeatTimeout,
    retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
  },
  /** Waits of a drill for others and for people, who may take days; a dead worker's is taken up by the next. */
  patience: {
    startToCloseTimeout: '60 days',
    heartbeatTimeout,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  },
  /** Breaking something: made at most once, and long where a command of the operator's does it. */
  breakage: { startToCloseTimeout: '30 minutes', heartbeatTimeout, retry: { maximumAttempts: 1 } },
  /** What a recovery asks of others before it begins; it does not wait long for an answer. */
  courtesy: { startToCloseTimeout: '45 seconds', heartbeatTimeout, retry: { maximumAttempts: 2 } },
  /** One look of the monitor, which may take as long as it is told to; a dead worker's is taken up by the next. */
  looks: {
    startToCloseTimeout: '1 hour',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  },
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
  /** Alerts: tried on as long as an outage may last; the alert itself begins anew after that. */
  alerts: {
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '1 day',
    heartbeatTimeout,
    retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
  },
  /** Verdicts and digests: there is no way on without them, and nothing outside that could refuse. */
  always: {
    startToCloseTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
  },
} as const satisfies Record<string, ActivityOptions>;

/**
 * Activities that carry their name in words as the summary that the Web UI shows.
 *
 * @param options how they are tried
 */
function named<Activities extends object>(options: ActivityOptions): ActivityInterfaceFor<Activities> {
  return new Proxy(proxyActivities<Activities>(options), {
    get: (proxies, name) => {
      const activity: unknown = Reflect.get(proxies, name);
      if (typeof name !== 'string' || !hasOptions(activity)) return activity;
      const summary = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return (...args: unknown[]) => activity.executeWithOptions({ ...options, summary }, args);
    },
  });
}

function hasOptions(
  activity: unknown,
): activity is { executeWithOptions: (options: ActivityOptions, args: unknown[]) => Promise<unknown> } {
  return typeof activity === 'function' && 'executeWithOptions' in activity;
}

/** What the production checklist asks, of every subject. */
type Probes = ReadinessActivities &
  FingerprintActivities &
  Pick<AlertingActivities, 'listIncidents' | 'listOperationRecords' | 'postWebhook'> &
  Pick<ApplicationActivities, 'probeHealth'> &
  Pick<AttestationActivities, 'listAttestations'> &
  Pick<CoordinationActivities, 'listSchedules'> &
  Pick<NotificationActivities, 'mailTeam'> &
  Pick<ProviderBackupsActivities, 'checkProviderBackups'>;

const restoreReads = named<RestoreActivities>(attempts.reads);
const restoreChanges = named<RestoreActivities>(attempts.changes);

/** The activities as the runbooks call them, each with the retry policy that fits what it does. */
export const activities = {
  governance: named<GovernanceActivities>(attempts.always),
  restore: {
    readRecoverability: restoreReads.readRecoverability,
    findRecoveryPoint: restoreReads.findRecoveryPoint,
    readNetworkRestrictions: restoreReads.readNetworkRestrictions,
    recheckTarget: restoreChanges.recheckTarget,
    raiseFence: restoreChanges.raiseFence,
    lowerFence: restoreChanges.lowerFence,
    armRestore: restoreReads.armRestore,
    settleRestore: restoreChanges.settleRestore,
    awaitRestored: restoreChanges.awaitRestored,
    sendRestoreRequest: named<RestoreActivities>(attempts.once).sendRestoreRequest,
  },
  database: named<DatabaseActivities>(attempts.scans),
  backup: named<BackupActivities>(attempts.changes),
  applicationReads: named<ApplicationActivities>(attempts.reads),
  application: named<ApplicationActivities>(attempts.changes),
  crashReads: named<CrashActivities>(attempts.reads),
  crash: named<CrashActivities>(attempts.changes),
  notification: named<NotificationActivities>(attempts.mail),
  /** The same, for a step that must not hold the recovery back. */
  quickNotification: named<NotificationActivities>(attempts.reads),
  drills: named<DrillActivities>(attempts.changes),
  drillWaits: named<DrillActivities>(attempts.patience),
  drillOnce: named<DrillActivities>(attempts.breakage),
  evidence: named<EvidenceActivities>(attempts.reads),
  /** Reads months of evidence, as long as that needs. */
  evidenceScans: named<EvidenceActivities>(attempts.scans),
  attestations: named<AttestationActivities>(attempts.reads),
  incidents: named<IncidentActivities>(attempts.reads),
  /** A person's order is judged, whatever else is away. */
  orders: named<IncidentActivities>(attempts.always),
  fingerprint: named<FingerprintActivities>(attempts.reads),
  probes: named<Probes>(attempts.probes),
  coordination: named<CoordinationActivities>(attempts.reads),
  monitoring: {
    observe: named<MonitoringActivities>(attempts.looks).observe,
    diagnose: named<MonitoringActivities>(attempts.always).diagnose,
  },
  /** What a safe state depends on: there is no way on without an answer. */
  past: named<CoordinationActivities>(attempts.past),
  courtesy: named<CoordinationActivities>(attempts.courtesy),
  alerting: named<AlertingActivities>(attempts.reads),
  records: named<AlertingActivities>(attempts.changes),
  /** What an alert would like to say and does not wait for. */
  alertReads: named<AlertingActivities>(attempts.courtesy),
  alertMail: named<NotificationActivities>(attempts.alerts),
  webhook: named<AlertingActivities>(attempts.alerts),
  providerBackups: named<ProviderBackupsActivities>(attempts.reads),
  power: named<PowerActivities>(attempts.changes),
  vault: named<VaultActivities>(attempts.changes),
  uploads: named<UploadsActivities>(attempts.changes),
  cleanPoint: named<CleanPointActivities>(attempts.changes),
  credentialReads: named<CredentialActivities>(attempts.reads),
  credentials: named<CredentialActivities>(attempts.changes),
  reviews: named<ReviewActivities>(attempts.reads),
  security: named<SecurityActivities>(attempts.changes),
  /** The same, for what only reads: whole tables at times. */
  securityScans: named<SecurityActivities>(attempts.scans),
  standby: named<StandbyActivities>(attempts.changes),
  restoreInto: named<RestoreIntoActivities>(attempts.changes),
  restoreTest: named<RestoreTestActivities>(attempts.changes),
};
