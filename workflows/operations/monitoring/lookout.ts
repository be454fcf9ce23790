import { CancellationScope } from '@temporalio/workflow';
import type { Observation, ObserveInput } from '../../contracts/monitoring.ts';
import { activities } from '../../runbook/activities.ts';
import { explainFailure } from '../../runbook/failure.ts';

/** What a look came to. */
export type Seen = { readonly observation: Observation } | { readonly trouble: string };

/** Looks, one look at a time, while the workflow does other things. */
export class Lookout {
  private scope: CancellationScope | null = null;
  private seen: Seen | null = null;

  /** Whether a look is under way, or was not taken yet. */
  get busy(): boolean {
    return this.scope !== null;
  }

  /** Whether a look has ended. */
  get ready(): boolean {
    return this.seen !== null;
  }

  /** Begins a look. */
  begin(input: ObserveInput): void {
    const scope = new CancellationScope();
    this.scope = scope;
    scope
      .run(() => activities.monitoring.observe(input))
      .then(
        (observation) => {
          this.seen = { observation };
        },
        (error: unknown) => {
          this.seen = { trouble: explainFailure(error).happened };
        },
      );
  }

  /** Takes what the last look came to; null while it goes on. */
  take(): Seen | null {
    const { seen } = this;
    if (seen === null) return null;
    this.seen = null;
    this.scope = null;
    return seen;
  }

  /** Ends a look that is under way. */
  end(): void {
    this.scope?.cancel();
  }
}
