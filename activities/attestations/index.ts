import type { Attestation } from '../../workflows/contracts/attestations.ts';
import type { ObjectStore } from '../ports.ts';
import { listAttestations } from './list-attestations.ts';
import { type AttestationRequest, recordAttestation } from './record-attestation.ts';

/** Activities that keep what people vouch for, in the object store, where no recovery rewinds it. */
export function createAttestationActivities({ store }: { readonly store: ObjectStore }) {
  return {
    /** See {@link recordAttestation}. */
    recordAttestation: (request: AttestationRequest): Promise<Attestation> =>
      recordAttestation(store, request),
    /** See {@link listAttestations}. */
    listAttestations: (input: { readonly environment: string }): Promise<readonly Attestation[]> =>
      listAttestations(store, input),
  };
}

/** The attestation activities as a workflow calls them. */
export type AttestationActivities = ReturnType<typeof createAttestationActivities>;
