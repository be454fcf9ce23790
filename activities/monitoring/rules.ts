import type { Evidence, MonitorRule, SignalState } from '../../workflows/contracts/monitoring.ts';
import type { Reading } from './reading.ts';

/** A signal of which nothing is known yet. */
function untouched({ signal, expected }: Reading): SignalState {
  return {
    signal,
    badInARow: 0,
    goodInARow: 0,
    lastGoodAt: null,
    badSince: null,
    trouble: false,
    probedAt: null,
    found: '',
    expected,
    unreachable: [],
    tellsOnly: false,
  };
}

/**
 * How a signal stands after one more reading. It turns to trouble after `badAfter` bad ones in a row and back after
 * `goodAfter` good ones; one that is not known counts for neither. Good readings amid trouble do not move the moment
 * at which it was good last: a recovery goes back to before the trouble.
 *
 * @param at RFC 3339, UTC: when the look began; what was good then is good up to then
 */
export function advance(
  before: SignalState | undefined,
  rule: MonitorRule,
  reading: Reading,
  at: string,
): SignalState {
  const state = before ?? untouched(reading);
  const { found, expected } = reading;
  if (reading.verdict === 'unknown') {
    // What made it trouble stays to be read, and so does what is expected where the probe could not say it.
    const words = { found: state.trouble ? state.found : found, expected: expected || state.expected };
    return { ...state, ...words, probedAt: at };
  }
  if (reading.verdict === 'bad') {
    const badInARow = state.badInARow + 1;
    return {
      ...state,
      badInARow,
      goodInARow: 0,
      badSince: state.badSince ?? at,
      trouble: state.trouble || badInARow >= rule.badAfter,
      probedAt: at,
      found,
      expected,
      unreachable: reading.unreachable ?? [],
      tellsOnly: reading.tellsOnly ?? false,
    };
  }
  const goodInARow = state.goodInARow + 1;
  const trouble = state.trouble && goodInARow < rule.goodAfter;
  const base = { ...state, badInARow: 0, goodInARow, probedAt: at, trouble, expected };
  // While it still counts as trouble, what made it so stays to be read.
  if (trouble) return base;
  return { ...base, found, lastGoodAt: at, badSince: null, unreachable: [], tellsOnly: false };
}

/** Whether a signal was seen bad and does not count as trouble yet: it is worth another look soon. */
export function isDoubtful({ badInARow, trouble }: SignalState): boolean {
  return badInARow > 0 && !trouble;
}

/** What counts as trouble now. */
export function evidenceOf(states: readonly SignalState[], rules: readonly MonitorRule[]): Evidence[] {
  return states.flatMap((state) => {
    const rule = rules.find(({ signal }) => signal === state.signal);
    if (rule === undefined || !state.trouble) return [];
    const { signal, lastGoodAt, found, expected, unreachable } = state;
    return [
      {
        signal,
        scenario: state.tellsOnly ? null : rule.scenario,
        since: state.badSince ?? state.probedAt ?? '',
        lastGoodAt,
        found,
        expected,
        unreachable,
      },
    ];
  });
}
