import { createHash, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { PassphraseSource } from './passphrase.ts';

const derive = promisify(pbkdf2);

/** PBKDF2-HMAC-SHA-256 rounds: OWASP's Password Storage Cheat Sheet of 2023; 0.5 s on the machine of the tests. */
const defaultIterations = 600_000;

/** How a key came from the passphrase. */
export interface Derivation {
  readonly salt: Buffer;
  readonly iterations: number;
}

/** What AES-256-CBC needs. */
export interface CipherKey {
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** Makes keys from the passphrase, by PBKDF2-HMAC-SHA-256. Methods throw `configuration-invalid`. */
export interface Keyring {
  /** What new keys are made with. */
  readonly iterations: number;
  /** The salt of all authentication keys that this process makes: equal salts spare the derivation. */
  readonly authenticationSalt: Buffer;
  /** Key (256 bits) for HMAC-SHA-256. */
  authenticationKey(derivation: Derivation): Promise<Buffer>;
  /** Key (256 bits) and initialisation vector, exactly as `openssl enc -aes-256-cbc -pbkdf2 -md sha256` makes them. */
  cipherKey(derivation: Derivation): Promise<CipherKey>;
  /** The same as `openssl enc -aes-256-cbc` makes without `-pbkdf2` (EVP_BytesToKey, one round): weak, for reading only. */
  legacyCipherKey(salt: Buffer, digest: 'sha256' | 'md5'): Promise<CipherKey>;
}

/**
 * @param options.passphrase where the passphrase comes from
 * @param options.iterations rounds for new keys; 600,000 when not given
 */
export function createKeyring(options: {
  readonly passphrase: PassphraseSource;
  readonly iterations?: number;
}): Keyring {
  const known = new Map<string, Buffer>();
  return {
    iterations: options.iterations ?? defaultIterations,
    authenticationSalt: randomBytes(16),

    async authenticationKey({ salt, iterations }) {
      const passphrase = await options.passphrase();
      const name = `${salt.toString('hex')} ${iterations} ${passphrase}`;
      const key = known.get(name) ?? (await derive(passphrase, salt, iterations, 32, 'sha256'));
      known.set(name, key);
      return key;
    },

    async cipherKey({ salt, iterations }) {
      const bytes = await derive(await options.passphrase(), salt, iterations, 48, 'sha256');
      return { key: bytes.subarray(0, 32), iv: bytes.subarray(32) };
    },

    async legacyCipherKey(salt, digest) {
      const passphrase = Buffer.from(await options.passphrase(), 'utf8');
      let bytes = Buffer.alloc(0);
      let block = Buffer.alloc(0);
      while (bytes.length < 48) {
        block = createHash(digest).update(block).update(passphrase).update(salt).digest();
        bytes = Buffer.concat([bytes, block]);
      }
      return { key: bytes.subarray(0, 32), iv: bytes.subarray(32, 48) };
    },
  };
}
