import type { OperationName } from '../../contracts/operations.ts';
import type { Policy } from '../../contracts/policy.ts';
import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';
import { providerExpectation } from '../validate-backups.ts';

/** A fact, or why it is not known and what to do about that. */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string; readonly next: string };

/** Records of each operation that are read: more than the half-hourly backups of a day. */
const recordsRead = 64;

/**
 * Asks everything at once. What does not answer is a fact that is not known: it holds up none of the others.
 *
 * @param now RFC 3339, UTC
 */
export async function gatherFacts(environment: string, policy: Policy, now: string) {
  const { probes } = activities;
  const recordsOf = (operation: OperationName) =>
    known(probes.listOperationRecords({ environment, operation, limit: recordsRead }));
  const asked = {
    provider: known(probes.checkProviderBackups(providerExpectation(policy, now))),
    project: known(probes.readProject()),
    providerClock: known(probes.compareProviderClock()),
    database: known(probes.probeDatabase({ operatorCidrs: policy.fence.operatorCidrs })),
    dumpVersion: known(probes.readDumpVersion()),
    health: known(probes.probeHealth()),
    deployments: known(probes.probeDeployments()),
    stores: known(probes.probeStores()),
    newestBackups: known(probes.probeNewestBackups()),
    mailServer: known(probes.verifyMailServer()),
    hasWebhook: known(probes.hasWebhook()),
    orchestrator: known(probes.readOrchestrator()),
    monitor: known(probes.readMonitor({ environment })),
    schedules: known(probes.listSchedules({ environment, upcoming: 1 })),
    attestations: known(probes.listAttestations({ environment })),
    incidents: known(probes.listIncidents({ environment })),
    drills: known(probes.listDrillEvidence({ environments: [environment, ...policy.verification.drillsOf] })),
    fingerprint: known(probes.takeFingerprint()),
    schedulesChecks: recordsOf('schedules-check'),
    overdueChecks: recordsOf('overdue-check'),
    securityAudits: recordsOf('security-audit'),
    planReviews: recordsOf('plan-review'),
    backups: recordsOf('backup'),
    validations: recordsOf('backup-validation'),
    restoreTests: recordsOf('restore-test'),
  };
  return {
    provider: await asked.provider,
    project: await asked.project,
    providerClock: await asked.providerClock,
    database: await asked.database,
    dumpVersion: await asked.dumpVersion,
    health: await asked.health,
    deployments: await asked.deployments,
    stores: await asked.stores,
    newestBackups: await asked.newestBackups,
    mailServer: await asked.mailServer,
    hasWebhook: await asked.hasWebhook,
    orchestrator: await asked.orchestrator,
    monitor: await asked.monitor,
    schedules: await asked.schedules,
    attestations: await asked.attestations,
    incidents: await asked.incidents,
    drills: await asked.drills,
    fingerprint: await asked.fingerprint,
    schedulesChecks: await asked.schedulesChecks,
    overdueChecks: await asked.overdueChecks,
    securityAudits: await asked.securityAudits,
    planReviews: await asked.planReviews,
    backups: await asked.backups,
    validations: await asked.validations,
    restoreTests: await asked.restoreTests,
  };
}

/** See {@link gatherFacts}. */
export type Facts = Awaited<ReturnType<typeof gatherFacts>>;

/** Waits for an answer; a failure is a fact that is not known. */
export async function known<T>(asked: Promise<T>): Promise<Fact<T>> {
  try {
    return { known: true, value: await asked };
  } catch (error) {
    const { happened, next } = explainFailure(error);
    // True of a step of a recovery; a probe is made once.
    return { known: false, why: happened, next: next.replace('The step tries again by itself. ', '') };
  }
}
