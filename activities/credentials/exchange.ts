import type { AccessAnswer } from '../../workflows/contracts/credentials.ts';
import type { CredentialRecord, FormerSecret } from './sealed-credential.ts';

/** A new secret, or what stands for it until its issuer has made it. */
interface NewSecret {
  readonly secret: string;
  /** How its issuer calls it; null until it has a name there. */
  readonly issuedId: string | null;
}

/**
 * How one declared credential is exchanged. Every method may be called again after a crash at any point of it and has
 * its effect once. Methods throw the `provider-*` and `database-*` errors.
 */
export interface CredentialExchange {
  /** What is accepted now, as far as it can be known; it is refused once all is done. */
  former(): Promise<readonly FormerSecret[]>;
  /** Makes a secret without telling anybody. */
  generate(): Promise<NewSecret> | NewSecret;
  /** Makes the kept secret accepted, without locking ourselves out. */
  issue(record: CredentialRecord): Promise<NewSecret>;
  /** Gives it to those who use it. */
  putToUse(record: CredentialRecord): Promise<void>;
  /** Makes every former secret refused. */
  revokeFormer(record: CredentialRecord): Promise<void>;
  /** Tries one secret by a real login or request. */
  tryOut(secret: FormerSecret): Promise<AccessAnswer>;
  /** How secrets are tried, for the report. */
  readonly triedBy: string;
  /** Where it is used, for the report. */
  readonly variables: readonly string[];
}
