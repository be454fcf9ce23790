import type { DeclaredCredential } from '../credentials.ts';
import type { Indicator, SecurityBaseline } from '../security.ts';

/** What a breach is found and mended by. */
export interface SecurityPolicy {
  /** Every secret that production hangs on, in the order in which they are exchanged. */
  readonly credentials: readonly DeclaredCredential[];
  readonly baseline: SecurityBaseline;
  readonly indicators: readonly Indicator[];
  /** How old a credential may be before the security audit says so. */
  readonly credentialMaxAgeMs: number;
  /** How far before the incident evidence and indicators look, ms. */
  readonly lookBackMs: number;
  /** Longest time for looking through own backups, ms. */
  readonly cleanPointMaxMs: number;
}
