import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import type { Attestation, AttestationSpec, AttestInput } from '../../workflows/contracts/attestations.ts';
import { requireEnvironment } from '../alerting/keys.ts';
import { toStored } from '../alerting/schemas.ts';
import { DrError } from '../errors.ts';
import type { ObjectStore } from '../ports.ts';

const dayMs = 24 * 3_600_000;

const noteSchema = z.string().trim().min(1).max(1000);

/** What is to be recorded, and what the policy lets people attest. */
export interface AttestationRequest extends AttestInput {
  readonly specs: readonly AttestationSpec[];
  /** RFC 3339, UTC: when it was given; the same at every try. */
  readonly at: string;
}

/**
 * Stores what a person vouches for as `attestations/<environment>/<item>/<moment>-<run>.json`. Idempotent. That the person
 * is of the policy was judged before.
 *
 * @returns the attestation as stored
 * @throws DrError `input-invalid` for an item that the policy does not know, an empty note, or a validity beyond the
 *   policy's; `store-unavailable` (retried), `store-refused`
 */
export async function recordAttestation(
  store: ObjectStore,
  request: AttestationRequest,
): Promise<Attestation> {
  const { environment, item, at } = request;
  requireEnvironment(environment);
  const spec = requireSpec(request);
  const { workflowId = '', runId = '' } = activityInfo().workflowExecution ?? {};
  const attestation: Attestation = {
    formatVersion: 1,
    item,
    environment,
    by: request.startedBy,
    holds: request.holds,
    note: requireNote(request.note),
    at,
    validUntil: new Date(Date.parse(at) + validityMs(request, spec)).toISOString(),
    workflowId,
    runId,
  };
  await store.putText(
    `attestations/${environment}/${item}/${at}-${runId}.json`,
    toStored(attestation),
    'application/json',
  );
  return attestation;
}

function requireSpec({ specs, item }: AttestationRequest): AttestationSpec {
  const spec = specs.find(({ id }) => id === item);
  if (spec !== undefined) return spec;
  throw refused(
    `There is nothing called ${JSON.stringify(item.slice(0, 100))} to attest.`,
    `The policy knows: ${specs.map(({ id }) => id).join(', ')}.`,
  );
}

function requireNote(note: string): string {
  const parsed = noteSchema.safeParse(note);
  if (parsed.success) return parsed.data;
  throw refused(
    'The note is empty or longer than 1000 characters.',
    'Say what was done and where it can be read: --note TEXT.',
  );
}

function validityMs({ validDays, item }: AttestationRequest, { validMs }: AttestationSpec): number {
  if (validDays === null) return validMs;
  const most = Math.floor(validMs / dayMs);
  if (Number.isInteger(validDays) && validDays >= 1 && validDays <= most) return validDays * dayMs;
  throw refused(
    `${item} cannot be attested for ${validDays} days.`,
    `Give 1 to ${most} days, or leave it out: the policy lets it count for ${most}.`,
  );
}

function refused(happened: string, next: string): DrError {
  return new DrError('input-invalid', { happened, meaning: 'Nothing was attested.', next });
}
