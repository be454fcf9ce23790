import { Context } from '@temporalio/activity';
import type { CrashCauseKind, GoodDeployment } from '../../../workflows/contracts/crash.ts';
import { DrError } from '../../errors.ts';
import type { Deployment } from '../../ports.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import { deploymentEvidence } from './deployment-evidence.ts';
import { type SymptomKind, symptomsIn } from './symptoms.ts';

/** What {@link chooseGoodDeployment} takes. */
export interface ChooseGoodDeploymentInput {
  /** The one that fails; null when there is none. */
  readonly badDeploymentId: string | null;
  readonly cause: CrashCauseKind;
  /** The one that a person named; null to take the newest good one. */
  readonly wantedDeploymentId: string | null;
}

const lookedAt = 10;
const logLines = 100;
/** Only how it ended counts: an error of last week did not keep it from running. */
const endOfLifeMs = 60_000;
const ownFaults: ReadonlySet<SymptomKind> = new Set([
  'out-of-memory',
  'unhandled-exception',
  'missing-variable',
]);

/**
 * Chooses what to go back to: the newest deployment before the failing one that ran, that the platform can roll back
 * to, that was not built from the same commit when the code is at fault, and whose log does not end in a crash. One
 * that a person named is taken as it is, by a rollback where the platform can, else by deploying its build again.
 *
 * @throws DrError the `provider-*` errors; `input-invalid` when the named one is not there or cannot be deployed
 */
export async function chooseGoodDeployment(
  dependencies: ApplicationDependencies,
  { badDeploymentId, cause, wantedDeploymentId }: ChooseGoodDeploymentInput,
): Promise<GoodDeployment> {
  const deployments = await dependencies.platform.deployments();
  const knownIds = deployments.map(({ id }) => id);
  if (wantedDeploymentId !== null) {
    const wanted = requireDeployable(deployments, wantedDeploymentId);
    const by = wanted.canRollback ? 'rollback' : 'redeploy';
    return { chosen: deploymentEvidence(wanted), by, knownIds, passedOver: [] };
  }
  const bad = deployments.findIndex(({ id }) => id === badDeploymentId);
  const passedOver: { readonly id: string; readonly why: string }[] = [];
  for (const candidate of deployments.slice(bad + 1, bad + 1 + lookedAt)) {
    const why = await whyNot(dependencies, candidate, deployments[bad], cause);
    if (why === null) return { chosen: deploymentEvidence(candidate), by: 'rollback', knownIds, passedOver };
    passedOver.push({ id: candidate.id, why });
  }
  return { chosen: null, by: 'rollback', knownIds, passedOver };
}

function requireDeployable(deployments: readonly Deployment[], id: string): Deployment {
  const wanted = deployments.find((deployment) => deployment.id === id);
  if (wanted !== undefined && (wanted.canRollback || wanted.canRedeploy)) return wanted;
  throw new DrError('input-invalid', {
    happened: `The deployment ${id} that was named ${wanted === undefined ? 'is not among those of the service' : `cannot be deployed again (${wanted.rawStatus})`}.`,
    meaning: 'There is nothing to go back to.',
    next: 'Read the ids in the platform’s dashboard and name one that it offers to redeploy, or name none.',
  });
}

async function whyNot(
  { platform }: ApplicationDependencies,
  candidate: Deployment,
  bad: Deployment | undefined,
  cause: CrashCauseKind,
): Promise<string | null> {
  if (!candidate.canRollback) return `the platform cannot roll back to it (${candidate.rawStatus})`;
  const sameCommit = candidate.commit !== null && candidate.commit.hash === bad?.commit?.hash;
  if (sameCommit && cause !== 'missing-variable') return 'it is the same commit as the one that fails';
  const lines = await platform.logs(candidate.id, logLines);
  Context.current().heartbeat();
  const last = lines.at(-1);
  const end = lines.filter(({ at }) => Date.parse(at) >= Date.parse(last?.at ?? at) - endOfLifeMs);
  const fault = symptomsIn(end, null).findLast(({ kind }) => ownFaults.has(kind));
  return fault === undefined ? null : `its log ends with a crash at ${fault.line.at}`;
}
