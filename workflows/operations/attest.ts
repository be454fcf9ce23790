import type { Attestation, AttestInput } from '../contracts/attestations.ts';
import { activities } from '../runbook/activities.ts';

/**
 * Records what a person of the policy vouches for. Changes nothing else.
 *
 * @returns the attestation as it was stored
 * @throws `input-invalid` for a person or an item that the policy does not know, not retried; `store-unavailable` after its
 *   retries, `store-refused`
 */
export async function attest(input: AttestInput): Promise<Attestation> {
  const { environment, startedBy } = input;
  const { attestations: specs } = await activities.governance.admit({ environment, startedBy });
  const at = new Date().toISOString();
  return activities.attestations.recordAttestation({ ...input, specs, at });
}
