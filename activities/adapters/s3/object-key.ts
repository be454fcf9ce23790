import { DrError } from '../../errors.ts';

const unsafe = /(^|\/)(\.{0,2})(\/|$)|[\p{Cc}\\]/u;

/**
 * Refuses keys that servers and tools read differently: empty parts (`a//b` is normalised by some), `.` and `..` (tools
 * have written outside their folder for them), a leading or trailing slash, backslashes and control characters.
 *
 * @throws DrError `input-invalid` (not retried)
 */
export function requireSafeKey(key: string): void {
  if (key.length > 0 && key.length <= 900 && !unsafe.test(key)) return;
  throw new DrError('input-invalid', {
    happened: `The object key ${JSON.stringify(key.slice(0, 200))} is not safe to use.`,
    meaning: 'Nothing was written or read.',
    next: 'Use parts separated by single slashes, without "..", backslashes or control characters.',
  });
}
