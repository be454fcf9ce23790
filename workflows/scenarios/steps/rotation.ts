import type { CredentialProof, DeclaredCredential, RotatedCredential } from '../../contracts/credentials.ts';
import type { DestructivePlan } from '../../contracts/evidence.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import type { FactsPatch, StepContext } from '../../runbook/runbook.ts';

/**
 * Exchanges every declared credential, one after the other; each is noted at once, so that a retry goes on with the next.
 *
 * @param step its id names the rotation, so that nothing is made twice
 */
export async function rotateEach(
  { policy, keyPrefix, note, facts }: StepContext,
  step: string,
  rotate: (request: {
    readonly credential: DeclaredCredential;
    readonly rotation: string;
  }) => Promise<RotatedCredential>,
): Promise<FactsPatch> {
  const rotated = [...(facts.rotatedCredentials ?? [])];
  for (const credential of policy.security.credentials) {
    if (rotated.some(({ id }) => id === credential.id)) continue;
    rotated.push(await rotate({ credential, rotation: `${keyPrefix}/${step}` }));
    note({ rotatedCredentials: [...rotated] });
  }
  return { rotatedCredentials: rotated };
}

/** What the approval of an exchange is of: every declared credential, by its kind. */
export function rotationPlan(
  { policy }: StepContext,
  project: DestructivePlan['project'],
): Pick<DestructivePlan, 'project' | 'arguments' | 'safetyCopySha256' | 'maximumLoss'> {
  return {
    project,
    arguments: Object.fromEntries(policy.security.credentials.map(({ id, kind }) => [id, kind])),
    safetyCopySha256: null,
    maximumLoss: [],
  };
}

/** How far each has come. */
export function rotatedInOneLine({ fact }: StepContext): string {
  return fact('rotatedCredentials')
    .map(({ id, stage, newFingerprint }) => `${id}: ${stage} (${newFingerprint})`)
    .join(', ');
}

/** Whether something is left that no machine here can exchange. */
export function needsPerson({ facts }: StepContext): boolean {
  return facts.rotatedCredentials?.some(({ toDo }) => toDo !== null) === true;
}

/** What is left to people, by the name of each credential. */
export function leftToPeople({ fact }: StepContext): readonly { label: string; value: string }[] {
  return fact('rotatedCredentials').flatMap(({ id, toDo }) =>
    toDo === null ? [] : [{ label: id, value: toDo }],
  );
}

/** Whether a machine here has exchanged a credential, so that it can be proved. */
export function hasRotated({ facts }: StepContext): boolean {
  return facts.rotatedCredentials?.some(({ stage }) => stage !== 'by-person') === true;
}

/**
 * Tries every old secret and every new one of those that were exchanged here.
 *
 * @throws `verification-failed` where one is not proved
 */
export async function proveEach(
  { policy, note, facts }: StepContext,
  prove: (credential: DeclaredCredential) => Promise<CredentialProof>,
): Promise<FactsPatch> {
  const byPerson = new Set(
    facts.rotatedCredentials?.flatMap(({ id, stage }) => (stage === 'by-person' ? [id] : [])),
  );
  const credentialProofs = await Promise.all(
    policy.security.credentials.filter(({ id }) => !byPerson.has(id)).map((credential) => prove(credential)),
  );
  note({ credentialProofs });
  const open = credentialProofs.filter(({ proved }) => !proved);
  if (open.length > 0) {
    throw runbookFailure('verification-failed', {
      happened: open
        .map(
          ({ id, current, former }) =>
            `${id}: the new one was ${current.answer}, the old ones ${former.map(({ answer }) => answer).join(', ') || 'not known'}`,
        )
        .join('; '),
      meaning: 'It is not proved that stolen credentials are worthless. The database stays fenced.',
      next: 'Retry; if it stays so, exchange it by hand at the platform and retry, or skip with the reason why that is enough.',
    });
  }
  return { credentialProofs };
}

/** How each was proved. */
export function provedInOneLine({ fact }: StepContext): string {
  return fact('credentialProofs')
    .map(({ id, by }) => `${id}: old refused, new accepted (${by})`)
    .join('; ');
}
