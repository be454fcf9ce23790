import type { Attestation } from '../contracts/attestations.ts';
import type { Policy } from '../contracts/policy.ts';
import { utc } from '../runbook/format.ts';

/** How the word of a person on something stands. */
export interface Attested {
  readonly state: 'valid' | 'expired' | 'never' | 'denied';
  /** By whom, when and until when, with their note. */
  readonly found: string;
  readonly attestation: Attestation | null;
}

/**
 * Looks up what was attested. It expires when it was given until, or earlier where the policy has become stricter since.
 *
 * @param id of an `AttestationSpec` of the policy
 * @param nowMs UTC, ms
 */
export function attested(
  { attestations: specs }: Pick<Policy, 'attestations'>,
  attestations: readonly Attestation[],
  id: string,
  nowMs: number,
): Attested {
  const attestation = attestations.find(({ item }) => item === id);
  if (attestation === undefined)
    return { state: 'never', found: 'nobody has attested it', attestation: null };
  const { by, at, note, holds, validUntil } = attestation;
  const validMs = specs.find((spec) => spec.id === id)?.validMs ?? 0;
  const untilMs = Math.min(Date.parse(validUntil), Date.parse(at) + validMs);
  const expired = nowMs >= untilMs;
  const until = `${expired ? 'expired' : 'valid until'} ${day(new Date(untilMs).toISOString())}`;
  return {
    state: holds ? (expired ? 'expired' : 'valid') : 'denied',
    found: `${holds ? 'attested' : 'denied'} by ${by} (identity not verified) ${utc(`${at.slice(0, 16)}Z`)}, ${until}: ${note}`,
    attestation,
  };
}

const day = (moment: string): string => moment.slice(0, 10);
