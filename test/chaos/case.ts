import type { RunnableScenario } from '../../workflows/contracts/names.ts';
import type { RecoveryOutcome } from '../../workflows/contracts/status.ts';
import type { SandboxProduction } from '../sandbox/index.ts';
import type { PolicyPatch } from '../sandbox/policy-patch.ts';
import type { AccidentName } from './stage.ts';
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

/** How a gate can end without an approval, by an answer, by nobody's, or in Temporal. */
export const gateEnds = ['reject', 'expire', 'abort', 'cancel'] as const;

/** One of {@link gateEnds}. */
export type GateEnd = (typeof gateEnds)[number];

/** One recovery in which something happens to the worker, or somebody ends a gate. */
export interface ChaosCase {
  readonly scenario: RunnableScenario;
  /** The step at which it happens. */
  readonly step: string;
  readonly name: string;
  readonly accident: AccidentName;
  readonly policy: PolicyPatch;
  /** Faults of the providers for this case. */
  readonly faults?: (sandbox: SandboxProduction) => void;
  /** One after the other. */
  readonly strikes: readonly Strike[];
  /** How the gate of the step ends; null where everything is approved. */
  readonly gateEnd: GateEnd | null;
  /** How the run must end, as the runbook declares it. */
  readonly outcome: RecoveryOutcome;
}
