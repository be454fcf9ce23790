import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { SigningKeys } from './signing-keys.ts';

interface StoredKey {
  readonly id: string;
  readonly type: 'publishable' | 'secret';
  readonly name: string;
  readonly secret: string;
  readonly at: string;
}

/** The API keys of one project: new ones, and the two legacy ones, which are tokens of the legacy secret. */
export class ApiKeys {
  readonly #signingKeys: SigningKeys;
  readonly #keys: StoredKey[] = [];
  #legacyOn = true;

  constructor(signingKeys: SigningKeys) {
    this.#signingKeys = signingKeys;
    this.create('publishable', 'default');
    this.create('secret', 'default');
  }

  legacyOn(): boolean {
    return this.#legacyOn;
  }

  setLegacy(on: boolean): void {
    this.#legacyOn = on;
  }

  list(reveal: boolean) {
    const legacy = (['anon', 'service_role'] as const).map((name) => ({
      id: name,
      type: 'legacy' as const,
      name,
      api_key: this.#signingKeys.legacyToken(name),
      hash: null,
      prefix: null,
    }));
    return [...legacy, ...this.#keys.map((key) => shown(key, reveal))];
  }

  /** Adds one more, whatever its name: like the provider it does not ask whether there is one of the name. */
  create(type: StoredKey['type'], name: string) {
    const secret = `sb_${type}_${randomBytes(24).toString('base64url')}`;
    const key = { id: randomUUID(), type, name, secret, at: new Date().toISOString() };
    this.#keys.push(key);
    return shown(key, true);
  }

  /** Removes one of the new ones; undefined where there is none. */
  remove(id: string) {
    const index = this.#keys.findIndex((key) => key.id === id);
    const [key] = index < 0 ? [] : this.#keys.splice(index, 1);
    return key === undefined ? undefined : shown(key, false);
  }

  /** The role that a live key stands for; undefined for any other text. */
  roleOf(apiKey: string): string | undefined {
    const key = this.#keys.find(({ secret }) => secret === apiKey);
    if (key !== undefined) return key.type === 'secret' ? 'service_role' : 'anon';
    return this.#legacyOn ? this.#signingKeys.roleOf(apiKey) : undefined;
  }
}

function shown({ id, type, name, secret, at }: StoredKey, reveal: boolean) {
  return {
    id,
    type,
    name,
    api_key: reveal || type === 'publishable' ? secret : `${secret.slice(0, 16)}${'·'.repeat(16)}`,
    hash: createHash('sha256').update(secret).digest('hex'),
    prefix: secret.slice(type.length + 4, type.length + 9),
    inserted_at: at,
    updated_at: at,
  };
}
