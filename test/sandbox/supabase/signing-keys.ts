import { generateKeyPairSync, type JsonWebKey, randomBytes, randomUUID } from 'node:crypto';
import { isSignedBy, parseToken, signHs256 } from './json-web-token.ts';
import { Refused } from './refused.ts';

/** How a key stands, in the provider's words. */
type SigningKeyStatus = 'in_use' | 'previously_used' | 'revoked' | 'standby';

interface StoredKey {
  readonly id: string;
  readonly algorithm: 'HS256' | 'ES256';
  readonly jwk: JsonWebKey;
  readonly createdAt: string;
  status: SigningKeyStatus;
  updatedAt: string;
}

/** The keys that sign the tokens of one project. It begins with a legacy secret in use, as older projects do. */
export class SigningKeys {
  readonly #legacyApiKeysOn: () => boolean;
  readonly #keys: StoredKey[] = [];
  readonly #legacy: StoredKey;

  /** @param legacyApiKeysOn while they are, the legacy secret that signed them cannot be revoked */
  constructor(legacyApiKeysOn: () => boolean) {
    this.#legacyApiKeysOn = legacyApiKeysOn;
    this.#legacy = this.#store('HS256', { kty: 'oct', k: randomBytes(32).toString('base64url') }, 'in_use');
  }

  list() {
    return this.#keys.map((key) => shown(key));
  }

  /** Adds a key, made here unless given. Throws `Refused` where a second one would stand by. */
  create(wanted: {
    algorithm: string;
    status?: string | undefined;
    jwk?: JsonWebKey | undefined;
    kid?: string | undefined;
  }) {
    const { algorithm, jwk, kid } = wanted;
    if (algorithm !== 'ES256' && algorithm !== 'HS256')
      throw new Refused('This sandbox knows ES256 and HS256.');
    if (this.#keys.some((key) => key.status === 'standby')) {
      throw new Refused('A standby key already exists for this project.');
    }
    const key = this.#store(algorithm, jwk ?? newKey(algorithm), 'standby', kid);
    return wanted.status === 'in_use' ? this.move(key.id, 'in_use') : shown(key);
  }

  /** Changes the status of a key; undefined where there is none. Throws `Refused` for a change that is not allowed. */
  move(id: string, status: SigningKeyStatus) {
    const key = this.#keys.find((candidate) => candidate.id === id);
    if (key === undefined) return undefined;
    if (status === key.status) return shown(key);
    if (key.status === 'in_use')
      throw new Refused('The key in use cannot be changed: let another one sign first.');
    if (status === 'revoked' && key === this.#legacy && this.#legacyApiKeysOn()) {
      throw new Refused('Disable the legacy API keys before revoking the legacy JWT secret.');
    }
    if (status === 'in_use') {
      if (key.status === 'revoked') throw new Refused('A revoked key cannot be used.');
      for (const other of this.#keys) if (other.status === 'in_use') change(other, 'previously_used');
    }
    return change(key, status);
  }

  /** The role that a token claims; undefined when its signature or its time is not valid. */
  roleOf(token: string): string | undefined {
    const parsed = parseToken(token);
    if (parsed === undefined || (parsed.claims.exp ?? Number.POSITIVE_INFINITY) * 1000 <= Date.now())
      return undefined;
    const key = parsed.kid === undefined ? this.#legacy : this.#keys.find(({ id }) => id === parsed.kid);
    if (key === undefined || key.status === 'revoked') return undefined;
    return isSignedBy(parsed, key.algorithm, key.jwk) ? (parsed.claims.role ?? 'anon') : undefined;
  }

  /** A token of the legacy secret without an end, as the legacy API keys are. */
  legacyToken(role: string): string {
    return signHs256(
      { iss: 'supabase', role, iat: 1_700_000_000 },
      Buffer.from(this.#legacy.jwk.k ?? '', 'base64url'),
    );
  }

  #store(algorithm: 'HS256' | 'ES256', jwk: JsonWebKey, status: SigningKeyStatus, id: string = randomUUID()) {
    const now = new Date().toISOString();
    const key: StoredKey = { id, algorithm, jwk, status, createdAt: now, updatedAt: now };
    this.#keys.push(key);
    return key;
  }
}

function newKey(algorithm: 'HS256' | 'ES256'): JsonWebKey {
  if (algorithm === 'HS256') return { kty: 'oct', k: randomBytes(32).toString('base64url') };
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
}

function change(key: StoredKey, status: SigningKeyStatus) {
  key.status = status;
  key.updatedAt = new Date().toISOString();
  return shown(key);
}

/** As the API shows it: never the private half. */
function shown({ id, algorithm, jwk, status, createdAt, updatedAt }: StoredKey) {
  const { kty, crv, x, y } = jwk;
  return {
    id,
    algorithm,
    status,
    public_jwk: algorithm === 'HS256' ? null : { kid: id, alg: algorithm, use: 'sig', kty, crv, x, y },
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
