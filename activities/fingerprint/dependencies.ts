import type { Policy } from '../../workflows/contracts/policy.ts';
import type { Database, DatabasePlatform, ObjectStore, SecuritySettings, SourceCode } from '../ports.ts';

/** What a fingerprint is taken of, and where those of drills lie. */
export interface FingerprintDependencies {
  readonly store: Pick<ObjectStore, 'list' | 'getText'>;
  readonly sourceCode: SourceCode;
  /** As the worker read it, without what was measured since. */
  readonly policy: Policy;
  readonly database: Pick<Database, 'session'>;
  readonly platform: Pick<DatabasePlatform, 'identity' | 'recoverability' | 'networkRestrictions'>;
  readonly settings: Pick<SecuritySettings, 'sslEnforcement'>;
  /** Where the application runs; names, none of them a secret. */
  readonly application: Readonly<Record<'project' | 'environment' | 'service', string>>;
}
