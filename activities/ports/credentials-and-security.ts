/** Sets the password of the database's administrator at its host. Setting it again to the same changes nothing. */
export interface DatabasePasswordIssuer {
  setDatabasePassword(password: string): Promise<void>;
}

/** One key of the platform's HTTPS API. `unknown` is a kind that this version does not know. */
export interface ApiKey {
  /** Null for keys that cannot be removed one by one. */
  readonly id: string | null;
  readonly name: string;
  readonly kind: 'publishable' | 'secret' | 'legacy' | 'unknown';
  /** The key itself, where it was asked for and is shown. A secret: it stays inside the activity that asked. */
  readonly secret: string | null;
}

/** Makes and takes back keys of the platform's HTTPS API. Every method may throw the `provider-*` errors. */
export interface ApiKeyIssuer {
  apiKeys(options?: { readonly reveal: boolean }): Promise<readonly ApiKey[]>;
  /** The key of this kind and name, which is made unless it is there: a repeated request makes no second one. */
  issueApiKey(key: {
    readonly kind: 'publishable' | 'secret';
    readonly name: string;
  }): Promise<{ readonly id: string; readonly secret: string }>;
  /** Takes a key back for good; one that is not there is success. `reason` is kept by the provider. */
  revokeApiKey(id: string, reason: string): Promise<void>;
  legacyApiKeysEnabled(): Promise<boolean>;
  /** Idempotent. */
  setLegacyApiKeysEnabled(enabled: boolean): Promise<void>;
}

/** One key that signs users' tokens. `unknown` is a status that this version does not know. */
export interface SigningKey {
  readonly id: string;
  readonly algorithm: string;
  readonly status: 'standby' | 'in-use' | 'previously-used' | 'revoked' | 'unknown';
  /** The provider's own word. */
  readonly rawStatus: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

/** A private key of the curve P-256 as RFC 7517 writes it. `d` is a secret. */
export interface PrivateSigningKey {
  /** A UUID, given by whoever made the key. */
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

/** Exchanges the keys that sign users' tokens. Every method may throw the `provider-*` errors. */
export interface SigningKeyIssuer {
  signingKeys(): Promise<readonly SigningKey[]>;
  /** Adds a key in standby, unless it is there: its tokens are accepted, none are issued. Returns the provider's id. */
  addSigningKey(key: PrivateSigningKey): Promise<string>;
  /** Lets a key sign from now on; the one that did is then previously used, and still accepted. Idempotent. */
  useSigningKey(id: string): Promise<void>;
  /** Refuses every token of a key from now on. Idempotent. */
  revokeSigningKey(id: string): Promise<void>;
}

/** Who issues the secrets that the host of the database knows. Every method may throw the `provider-*` errors. */
export interface CredentialIssuer extends DatabasePasswordIssuer, ApiKeyIssuer, SigningKeyIssuer {}

/** One thing that the host of the database advises to change. `unknown` is a level that this version does not know. */
export interface Advisory {
  readonly name: string;
  readonly level: 'error' | 'warning' | 'information' | 'unknown';
  /** `schema.name` of what it is about; null when it is about the project. */
  readonly object: string | null;
  readonly detail: string;
  readonly remediation: string;
}

/** How the host of the database guards it. Every method may throw the `provider-*` errors. */
export interface SecuritySettings {
  /** `inForce` is false while a change is not yet applied. */
  sslEnforcement(): Promise<{ readonly enforced: boolean; readonly inForce: boolean }>;
  /** Idempotent. Returns when the provider took it, which may be before it is in force. */
  enforceSsl(enforced: boolean): Promise<void>;
  advisories(topic: 'security' | 'performance'): Promise<readonly Advisory[]>;
}

/** The platform's HTTPS API as the application and its users reach it. */
export interface ApiProbe {
  /**
   * One request with these secrets, which show up nowhere. `refused` only where the API looked at them and said no;
   * `unreachable` says nothing about them.
   *
   * @param request.token a user's token; the key alone when not given
   */
  tryAccess(request: {
    readonly apiKey: string;
    readonly token?: string;
  }): Promise<'accepted' | 'refused' | 'unreachable'>;
  /** How many rows of a table a key gets to see, at most 1; `refused` also where the API does not show the table. */
  visibleRows(request: {
    readonly apiKey: string;
    readonly table: string;
  }): Promise<number | 'refused' | 'unreachable'>;
}
