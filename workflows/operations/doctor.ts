import { workflowInfo } from '@temporalio/workflow';
import type { DoctorInput, DoctorReport } from '../contracts/readiness.ts';
import { activities } from '../runbook/activities.ts';
import { attested } from './attested.ts';
import { sendTestAlert } from './readiness/alert-roads.ts';
import { scenariosOf } from './readiness/drilled-scenarios.ts';
import type { Examination } from './readiness/examination.ts';
import { examine } from './readiness/examine.ts';
import { gatherFacts } from './readiness/facts.ts';

/**
 * Answers the procedure's production checklist (section 10), and what on-call needs besides, by looking. Changes nothing in
 * production; writes and removes one small object at each place of backups, and sends a test alert only when asked to.
 *
 * @throws `input-invalid` for another environment than the worker's; a probe that fails never ends it
 */
export async function doctor(input: DoctorInput): Promise<DoctorReport> {
  const { environment } = input;
  const startedMs = Date.now();
  const policy = await activities.governance.admit({ environment, startedBy: null });
  const [facts, testAlert] = await Promise.all([
    gatherFacts(environment, policy, new Date(startedMs).toISOString()),
    input.sendTestAlert ? sendTestAlert(input, policy, workflowInfo().runId) : null,
  ]);
  const nowMs = Date.now();
  const examination: Examination = { environment, policy, facts, nowMs, testAlert };
  return {
    environment,
    at: new Date(nowMs).toISOString(),
    tookMs: nowMs - startedMs,
    provider: providerOf(examination),
    items: examine(examination),
    scenarios: scenariosOf(examination),
  };
}

function providerOf({ facts, policy, nowMs }: Examination): DoctorReport['provider'] {
  const { project, attestations } = facts;
  const redundancy = attestations.known
    ? attested(policy, attestations.value, 'provider-redundancy', nowMs)
    : null;
  return {
    project: project.known ? `${project.value.name} (${project.value.ref})` : 'unknown',
    region: project.known ? project.value.region : 'unknown',
    redundancy: redundancy?.state === 'valid' ? (redundancy.attestation?.note ?? 'unknown') : 'unknown',
  };
}
