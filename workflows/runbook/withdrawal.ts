/**
 * Why the monitor takes back what it proposed, as its signal says; anybody may send that signal.
 *
 * @returns null for a payload that holds no reason: such a signal has no effect
 */
export function withdrawalReason(given: unknown): string | null {
  return typeof given === 'object' &&
    given !== null &&
    'reason' in given &&
    typeof given.reason === 'string' &&
    given.reason !== ''
    ? given.reason
    : null;
}
