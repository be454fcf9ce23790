import type { DeclaredCredential } from '../../workflows/contracts/credentials.ts';
import type { ObjectStoreKey } from './dependencies.ts';
import { objectStoreKeyOf } from './object-store-key.ts';
import type { CredentialStore } from './sealed-credential.ts';

/** Shorter ones may stand within values that have nothing to do with them. */
const shortestSecret = 8;

/** A secret that was exchanged, and what took its place; null where that is not known. Both are secrets. */
interface ExchangedSecret {
  readonly former: string;
  readonly current: string | null;
}

/** Every secret that an exchange made worthless. Reads the sealed credentials; throws what reading them throws. */
export async function exchangedSecrets(
  store: Pick<CredentialStore, 'read'>,
  credentials: readonly DeclaredCredential[],
  configuredKey: ObjectStoreKey,
): Promise<readonly ExchangedSecret[]> {
  const exchanged: ExchangedSecret[] = [];
  for (const { id, kind } of credentials) {
    const record = await store.read(id);
    // One that was only kept is accepted nowhere yet: what was before it still counts. A key to the object store counts
    // once the worker has it.
    if (record === undefined || (record.stage === 'sealed' && kind !== 's3-key')) continue;
    const current = kind === 's3-key' ? partsOf(configuredKey) : [record.secret];
    for (const { secret } of record.former) {
      // An exchange that waits for a person has made nothing yet.
      if (secret === '') continue;
      const former = kind === 's3-key' ? partsOf(objectStoreKeyOf(secret)) : [secret];
      former.forEach((text, part) => {
        const now = current[part] ?? '';
        if (text !== now) exchanged.push({ former: text, current: now === '' ? null : now });
      });
    }
  }
  return exchanged;
}

/** Variables without any secret that was exchanged. Values are secrets. */
export function withoutExchanged(
  variables: Readonly<Record<string, string>>,
  exchanged: readonly ExchangedSecret[],
): {
  readonly variables: Readonly<Record<string, string>>;
  /** Names of those that got the secret of now. */
  readonly replaced: readonly string[];
  /** Names of those that are left out, since nobody here knows the secret of now. */
  readonly leftOut: readonly string[];
} {
  const kept: Record<string, string> = {};
  const replaced: string[] = [];
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(variables)) {
    const found = exchanged.filter(({ former }) => holds(value, former));
    if (found.some(({ current }) => current === null)) leftOut.push(name);
    else {
      kept[name] = found.reduce((text, { former, current }) => exchange(text, former, current ?? ''), value);
      if (found.length > 0) replaced.push(name);
    }
  }
  return { variables: kept, replaced, leftOut };
}

/** As it is, or within another text such as a connection string. */
function holds(value: string, secret: string): boolean {
  if (value === secret) return true;
  return (
    secret.length >= shortestSecret &&
    [secret, encodeURIComponent(secret)].some((text) => value.includes(text))
  );
}

function exchange(value: string, former: string, current: string): string {
  if (value === former) return current;
  return value
    .replaceAll(encodeURIComponent(former), () => encodeURIComponent(current))
    .replaceAll(former, () => current);
}

function partsOf({ accessKeyId, secretAccessKey }: ObjectStoreKey): readonly string[] {
  return [accessKeyId, secretAccessKey];
}
