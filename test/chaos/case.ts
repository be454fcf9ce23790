import type { Faults } from '../sandbox/http/faults.ts';
import type { Witness } from './witness.ts';

/** What happens to the worker. */
export type Blow =
  /** SIGKILL; another worker is started at once. */
  | { readonly kind: 'kill' }
  /** SIGSTOP, and SIGCONT after a time in ms; meanwhile another worker may take its place. */
  | { readonly kind: 'freeze'; readonly forMs: number; readonly standIn: boolean };

/** A moment of a recovery, and what happens then. */
export interface Strike {
  readonly when: (witness: Witness) => Promise<void>;
  readonly blow: Blow;
}

/** One recovery in which something happens to the worker. */
export interface ChaosCase {
  readonly name: string;
  /** Faults of the provider for this case. */
  readonly faults?: (faults: Faults) => void;
  /** One after the other. */
  readonly strikes: readonly Strike[];
}
