import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** PostgreSQL's own defaults (`scram_iterations`, and the salt length of `libpq`). */
const iterations = 4096;
const saltBytes = 16;
const digest = 'sha256';
const keyBytes = 32;

const nonAsciiSpaces = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/g;
const mappedToNothing = /\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/g;

/** SASLprep (RFC 4013) as far as it changes a password; servers and clients accept what it would forbid. */
function saslPrepare(password: string): string {
  return password.replace(nonAsciiSpaces, ' ').replace(mappedToNothing, '').normalize('NFKC');
}

/**
 * Computes what PostgreSQL stores of a password, so that the password itself is never sent and cannot reach a log of
 * statements. Format: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey` (RFC 5802, RFC 7677).
 */
export async function computeScramVerifier(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const salted = await promisify(pbkdf2)(saslPrepare(password), salt, iterations, keyBytes, digest);
  const clientKey = createHmac(digest, salted).update('Client Key').digest();
  const storedKey = createHash(digest).update(clientKey).digest('base64');
  const serverKey = createHmac(digest, salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
