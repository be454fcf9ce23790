/**
 * Reads a text from a payload that anybody may have sent.
 *
 * @returns undefined where there is no such text, or an empty one
 */
export function payloadText(payload: unknown, name: string): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const text: unknown = Reflect.get(payload, name);
  return typeof text === 'string' && text !== '' ? text : undefined;
}
