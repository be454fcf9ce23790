import type { Attestation, AttestInput } from '../contracts/attestations.ts';
import { activities } from '../runbook/activities.ts';

/**
 * Records what a person of the policy vouches for, or denies, and tells reviews that wait for it. Changes nothing else.
 *
 * @returns the attestation as it was stored
 * @throws `input-invalid` for a person or an item that the policy does not know, not retried; `store-unavailable` after its
 *   retries, `store-refused`
 */
export async function attest(input: AttestInput): Promise<Attestation> {
  const { environment, startedBy } = input;
  const { attestations: specs } = await activities.governance.admit({ environment, startedBy });
  const at = new Date().toISOString();
  const attestation = await activities.attestations.recordAttestation({ ...input, specs, at });
  // A review that could not be told looks by itself some hours later.
  await activities.coordination.tellReviewsAttested({ environment }).catch(() => undefined);
  return attestation;
}
