/**
 * What a run gets in the place of a payload that is none of ours: not JSON, or in an encoding that nothing here writes.
 * Holds nothing of what was sent.
 */
export const unreadable = { unreadablePayload: true } as const;

/** Whether a value stands for a payload that could not be read. */
export function isUnreadable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'unreadablePayload' in value;
}

/** What is said to whoever sent it. */
export const unreadableVerdict = 'It cannot be read: it is not JSON in the encoding json/plain.';
