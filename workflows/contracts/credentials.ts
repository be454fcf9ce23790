/**
 * A secret that production hangs on, and how it is exchanged. `id` names it in reports and in the sealed store, and is
 * never given to another one. `variables` are those of the application that hold it.
 */
export type DeclaredCredential =
  | {
      readonly id: string;
      readonly kind: 'database-password';
      readonly role: string;
      /** Who sets it: the host of the database for its administrator, the database itself for every other role. */
      readonly issuer: 'platform' | 'database';
      /** Hold a connection string, in which the password alone is exchanged. */
      readonly variables: readonly string[];
    }
  | {
      readonly id: string;
      readonly kind: 'api-key';
      readonly access: 'publishable' | 'secret';
      /** Beginning of the key's name at the platform, `[a-z_][a-z0-9_]*`: each rotation adds its own ending. */
      readonly name: string;
      /** Whether the platform's legacy keys end with the old one. */
      readonly endsLegacyKeys: boolean;
      readonly variables: readonly string[];
    }
  /** Signs users' tokens; every user logs in again after its rotation. */
  | { readonly id: string; readonly kind: 'jwt-signing-key' }
  /** A random text that only the application knows, such as the secret of its cookies. */
  | {
      readonly id: string;
      readonly kind: 'application-variable';
      readonly bytes: number;
      readonly variables: readonly string[];
    }
  /** The worker's own key to the object store: nobody issues it by machine here. */
  | { readonly id: string; readonly kind: 's3-key' };

/** One of {@link DeclaredCredential} by its kind. */
export type CredentialOfKind<Kind extends DeclaredCredential['kind']> = Extract<
  DeclaredCredential,
  { readonly kind: Kind }
>;

/**
 * How far a rotation has come, in this order: the new secret is kept, accepted, used by whom it is for, and the old one
 * taken back.
 */
export type RotationStage = 'sealed' | 'issued' | 'in-use' | 'old-revoked';

/** What a rotation came to. A fingerprint is the first 8 hexadecimal digits of the secret's SHA-256. */
export interface RotatedCredential {
  readonly id: string;
  readonly kind: DeclaredCredential['kind'];
  /** `by-person` waits for somebody to do what no machine here can, and goes on when it is asked for again. */
  readonly stage: RotationStage | 'by-person';
  readonly newFingerprint: string;
  readonly formerFingerprints: readonly string[];
  /** Key of the object that holds the new secret, encrypted. */
  readonly sealedAs: string;
  /** Where it was put to use. */
  readonly usedIn: readonly string[];
  /** What a person has to do; null when nothing. */
  readonly toDo: string | null;
}

/** What a secret met when it was tried. `not-tried` is one that nobody here can try. */
export type AccessAnswer = 'accepted' | 'refused' | 'unreachable' | 'not-tried';

/** That the old secret is refused and the new one works, each by a real login or request. */
export interface CredentialProof {
  readonly id: string;
  readonly kind: DeclaredCredential['kind'];
  /** Whether the new secret was accepted, every old one refused, and at least one old one tried. */
  readonly proved: boolean;
  readonly current: { readonly fingerprint: string; readonly answer: AccessAnswer };
  readonly former: readonly { readonly fingerprint: string; readonly answer: AccessAnswer }[];
  /** How it was tried. */
  readonly by: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** One declared credential as it stands. */
export interface CredentialState {
  readonly id: string;
  readonly kind: DeclaredCredential['kind'];
  /** Of the last rotation; null when it was never rotated here. */
  readonly stage: RotationStage | null;
  /** RFC 3339, UTC; null when it was never rotated here. */
  readonly rotatedAt: string | null;
  readonly fingerprint: string | null;
  readonly variables: readonly string[];
}

/** Everything that is declared, and what the platform knows beside it. */
export interface CredentialInventory {
  readonly credentials: readonly CredentialState[];
  /** Keys at the platform that no credential declares: nobody here exchanges them. */
  readonly undeclared: readonly string[];
}

/** What was done about a password that a rewind of the database may have brought back. */
export interface RestatedPassword {
  readonly id: string;
  readonly role: string;
  readonly outcome: 'unchanged' | 'restated' | 'never-rotated' | 'not-tried';
}
