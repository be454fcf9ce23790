import { checkNames } from '../../workflows/contracts/check-names.ts';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { ListedBackup } from './list-backups.ts';

/** With fewer before it, there is nothing to compare with. */
const leastHistory = 3;

/**
 * Compares the size of the newest backup with the median of those before it, of every kind but copies of other kinds.
 *
 * @param listed newest first
 */
export function checkSize(
  listed: readonly ListedBackup[],
  { sizeFactor, sizeHistory }: { readonly sizeFactor: number; readonly sizeHistory: number },
): OperationCheck {
  const name = checkNames.ownSize;
  const [newest, ...before] = listed.filter(({ kind }) => kind === 'recent' || kind === 'daily');
  if (newest === undefined) return { name, passed: false, found: 'no backup', expected: 'some bytes' };
  const history = before.slice(0, sizeHistory).map(({ bytes }) => bytes);
  const found = `${newest.bytes} bytes`;
  if (history.length < leastHistory) {
    const expected = `unknown: only ${history.length} before it`;
    return { name, passed: true, found, expected, measured: newest.bytes };
  }
  const median = medianOf(history);
  const [least, most] = [median / sizeFactor, median * sizeFactor];
  return {
    name,
    passed: newest.bytes >= least && newest.bytes <= most,
    found,
    expected: `${Math.round(least)} to ${Math.round(most)} bytes (median of ${history.length}: ${median})`,
    measured: newest.bytes,
  };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}
