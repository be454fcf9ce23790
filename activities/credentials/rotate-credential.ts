import type {
  DeclaredCredential,
  RotatedCredential,
  RotationStage,
} from '../../workflows/contracts/credentials.ts';
import { heartbeat } from '../database/heartbeat.ts';
import type { CredentialExchange } from './exchange.ts';
import { fingerprint } from './fingerprint.ts';
import { NeedsPerson } from './needs-person.ts';
import type { CredentialRecord, CredentialStore, FormerSecret } from './sealed-credential.ts';

/** Which credential is rotated, and how far. */
export interface RotationRequest {
  readonly credential: DeclaredCredential;
  /** Names this rotation, such as run and step: the same name goes on with what it began and makes nothing twice. */
  readonly rotation: string;
  /**
   * `in-use` stops before the old secret is taken back, so that those who use it can be restarted first; the same
   * request with `old-revoked`, the default, goes on from there.
   */
  readonly until?: 'in-use' | 'old-revoked';
}

/** Those that were taken back already are kept to be tried, and in case a rewind brings them back. */
const keptRevoked = 3;

function withoutRepeats(secrets: readonly FormerSecret[]): FormerSecret[] {
  const same = (one: FormerSecret, other: FormerSecret) =>
    one.issuedId === other.issuedId && (one.issuedId !== null || one.secret === other.secret);
  return secrets.filter((one, index) => secrets.findIndex((other) => same(one, other)) === index);
}

async function begin(
  store: CredentialStore,
  exchange: CredentialExchange,
  { credential: { id, kind }, rotation }: RotationRequest,
): Promise<CredentialRecord> {
  const kept = await store.read(id);
  if (kept?.rotation === rotation) return kept;
  // An earlier rotation may have stopped anywhere: what it made counts as old as well.
  const last = kept === undefined ? [] : [{ secret: kept.secret, issuedId: kept.issuedId }];
  const before = kept?.stage === 'old-revoked' ? kept.former.slice(0, keptRevoked) : (kept?.former ?? []);
  const record: CredentialRecord = {
    id,
    kind,
    rotation,
    stage: 'sealed',
    ...(await exchange.generate()),
    beganAt: new Date().toISOString(),
    former: withoutRepeats([...last, ...(await exchange.former()), ...before]),
  };
  await store.write(record);
  return record;
}

/**
 * Exchanges one credential: the new secret is kept, then issued, then put to use, then the old one taken back, and each
 * step is noted before the next. A rotation that stopped midway goes on where it stopped, with the secret that was
 * kept. No secret leaves the process other than to its issuer, its users and the sealed store.
 *
 * @throws DrError `store-unavailable` (retried) or `store-refused` before anything is changed, `attempt-lost` (retried),
 *   `credential-not-accepted` (retried), the `provider-*` and `database-*` errors, `verification-failed`
 */
export async function rotateCredential(
  { store, exchange }: { readonly store: CredentialStore; readonly exchange: CredentialExchange },
  request: RotationRequest,
): Promise<RotatedCredential> {
  const { until = 'old-revoked' } = request;
  const { id } = request.credential;
  heartbeat(`sealing a new secret for ${id}`);
  let record = await begin(store, exchange, request);
  const note = async (stage: RotationStage, changes: Partial<CredentialRecord> = {}) => {
    record = { ...record, ...changes, stage };
    await store.write(record);
  };

  const advance = async () => {
    if (record.stage === 'sealed') {
      heartbeat(`issuing the new secret of ${id}`);
      const issued = await exchange.issue(record);
      await note('issued', issued);
    }
    if (record.stage === 'issued') {
      heartbeat(`putting the new secret of ${id} to use`);
      await exchange.putToUse(record);
      await note('in-use');
    }
    if (record.stage === 'in-use' && until === 'old-revoked') {
      heartbeat(`taking the old secret of ${id} back`);
      await exchange.revokeFormer(record);
      await note('old-revoked');
    }
  };
  const toDo = await advance().then(
    () => null,
    (error: unknown) => {
      if (error instanceof NeedsPerson) return error.message;
      throw error;
    },
  );
  return {
    id,
    kind: record.kind,
    stage: toDo === null ? record.stage : 'by-person',
    newFingerprint: fingerprint(record.secret),
    formerFingerprints: record.former.map(({ secret }) => fingerprint(secret)),
    sealedAs: store.keyOf(id),
    usedIn: exchange.variables,
    toDo,
  };
}
