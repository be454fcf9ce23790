import { z } from 'zod';
import type { ObjectStoreKey } from './dependencies.ts';

const keyText = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** The text that a key to the object store is kept as. */
export function objectStoreKeyText({ accessKeyId, secretAccessKey }: ObjectStoreKey): string {
  return JSON.stringify({ accessKeyId, secretAccessKey });
}

/** The key in a text of {@link objectStoreKeyText}. */
export function objectStoreKeyOf(text: string): ObjectStoreKey {
  return keyText.parse(JSON.parse(text));
}
