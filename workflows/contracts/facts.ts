import type { RestoredInto } from './backups.ts';
import type { CleanPoint } from './clean-point.ts';
import type {
  CrashCause,
  GoodDeployment,
  KeptVariables,
  Outage,
  Restarts,
  RestoredVariables,
  VariableKeeping,
} from './crash.ts';
import type {
  CredentialInventory,
  CredentialProof,
  RestatedPassword,
  RotatedCredential,
} from './credentials.ts';
import type {
  ApplicationState,
  ArmedRestore,
  DamageBounds,
  DamageReport,
  FenceState,
  HealthWatch,
  MailOutcome,
  Reconciliation,
  RecoveryPointOption,
  RestoreSettlement,
  RewindInventory,
  SafetyCopy,
  SilenceProof,
  UserMailDraft,
  Verification,
} from './evidence.ts';
import type { LossSurvey, Recoverability, RecoveryPoint } from './recovery-point.ts';
import type {
  BreachEvidence,
  IndicatorFinding,
  LogEvidence,
  SecurityApplied,
  SecurityComparison,
  SecurityProbe,
} from './security.ts';
import type { ProviderAssessment, StandbySource, StandbyVariables } from './standby.ts';
import type { Measure } from './status.ts';

/** What the steps of a recovery find out, by name. Each is set by one step and kept as evidence. */
export interface RecoveryFacts {
  recoverability: Recoverability;
  /** Before anything was isolated. */
  volatileEvidence: BreachEvidence;
  logEvidence: LogEvidence;
  /** What the indicators find in production itself. */
  tracesNow: readonly IndicatorFinding[];
  cleanPoint: CleanPoint;
  restatedPasswords: readonly RestatedPassword[];
  credentialInventory: CredentialInventory;
  rotatedCredentials: readonly RotatedCredential[];
  credentialProofs: readonly CredentialProof[];
  securityBefore: SecurityComparison;
  securityApplied: SecurityApplied;
  securityProbes: readonly SecurityProbe[];
  providers: ProviderAssessment;
  standbySource: StandbySource;
  /** Name of the database on the standby server. */
  standbyDatabase: string;
  standbyRestore: RestoredInto;
  standbyUploads: {
    readonly objects: number;
    readonly bytes: number;
    readonly unchanged: number;
    readonly failed: number;
  };
  standbyVariables: StandbyVariables;
  standbyHealth: HealthWatch;
  /** RFC 3339, UTC. */
  switchedOverAt: string;
  /** What keeps the old production from taking writes; it stays, and no run takes it back. */
  oldProductionKept: readonly Measure[];
  damage: DamageReport;
  damageBounds: DamageBounds;
  recoveryPointOptions: readonly RecoveryPointOption[];
  recoveryPoint: RecoveryPoint;
  /** Before anything was stopped: an estimate, since writers go on. */
  estimate: LossSurvey;
  applicationBefore: ApplicationState;
  variableKeeping: VariableKeeping;
  outage: Outage;
  crashCause: CrashCause;
  restarts: Restarts;
  goodDeployment: GoodDeployment;
  /** As they were right before the rollback. */
  keptVariables: KeptVariables;
  /** The deployment that going back made. */
  wentBackTo: { readonly deploymentId: string; readonly status: string; readonly running: boolean };
  restoredVariables: RestoredVariables;
  cidrsBefore: readonly string[];
  fence: FenceState;
  silence: SilenceProof;
  inventory: RewindInventory;
  safetyCopy: SafetyCopy;
  /** After silence was proved: final. */
  finalCounts: LossSurvey;
  /** The final counts of the revision that rewound production first; absent until then. */
  countsBeforeRewind: LossSurvey;
  armed: ArmedRestore;
  /** The Temporal run that the approval of this revision's restore was given to. */
  approvedInRun: string;
  /** What became of the one restore request of this revision; kept so that a retry never sends a second. */
  restoreRequest: {
    readonly revision: number;
    /** RFC 3339, UTC: when it was given to be sent. */
    readonly requestedAt: string;
    readonly settlement: RestoreSettlement;
  };
  restored: { readonly restoredAt: string; readonly durationMs: number };
  verification: Verification;
  reconciliation: Reconciliation;
  startedDeployment: string;
  health: HealthWatch;
  /** After the recovery, for the next one. */
  baseline: LossSurvey;
  teamMail: MailOutcome;
  userMailDraft: UserMailDraft;
  userMail: MailOutcome;
}
