import type { Reach, SignalName } from '../../workflows/contracts/monitoring.ts';
import { DrError } from '../errors.ts';

/** What one probe says of one signal. */
export interface Reading {
  readonly signal: SignalName;
  /** `unknown` where the probe could not be made: neither good nor bad. */
  readonly verdict: 'good' | 'bad' | 'unknown';
  /** One sentence with figures, and no secret. */
  readonly found: string;
  /** In words. */
  readonly expected: string;
  readonly unreachable?: readonly Reach[];
  readonly tellsOnly?: boolean;
}

/** Why a probe could not be made, in words for a person; what is not foreseen shows nothing of itself. */
export function whyNotKnown(error: unknown): string {
  return error instanceof DrError
    ? `not known: ${error.explanation.happened}`
    : 'not known: the probe failed in a way that was not foreseen';
}

/** A probe of a signal that could not be made. */
export function notKnown(signal: SignalName, error: unknown, expected: string): Reading {
  return { signal, verdict: 'unknown', found: whyNotKnown(error), expected };
}
