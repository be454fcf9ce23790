import { eventually } from '../end-to-end/condition.ts';
import type { Recovery } from '../end-to-end/recovery.ts';
import type { SandboxProduction } from '../sandbox/index.ts';

type Platform = 'supabase' | 'railway';
type Call = ReturnType<SandboxProduction[Platform]['calls']['all']>[number];

const longPollMs = 5_000;
const patienceMs = 180_000;

/** How many calls a provider has logged: what came before a recovery is none of its own. */
export function callsSoFar({ supabase, railway }: SandboxProduction): Readonly<Record<Platform, number>> {
  return { supabase: supabase.calls.all().length, railway: railway.calls.all().length };
}

/** Sees what happens in a recovery at once: by its history, and by the providers' logs. */
export class Witness {
  private readonly sandbox: SandboxProduction;
  private readonly recovery: Recovery;
  private readonly before: Readonly<Record<Platform, number>>;
  private readonly leaving = new AbortController();
  private seen: readonly string[] = [];

  constructor(sandbox: SandboxProduction, recovery: Recovery, before: Readonly<Record<Platform, number>>) {
    this.sandbox = sandbox;
    this.recovery = recovery;
    this.before = before;
  }

  /** Looks no longer: whoever waits for something is told that it did not happen. */
  leave(): void {
    this.leaving.abort(new Error('the case was given up'));
  }

  /** The restore requests of this recovery, as the provider logged them. */
  restores(): readonly Call[] {
    return this.calls('supabase', 'restore-pitr');
  }

  /** Resolves when the run enters a step. */
  entering(step: string): Promise<void> {
    return this.happened(`step ${step}`);
  }

  /** Resolves when an activity of this type is asked for. */
  asking(activityType: string): Promise<void> {
    return this.happened(`activity ${activityType}`);
  }

  /** Resolves when the provider's log says so of the newest call of this operation. */
  async call(
    platform: Platform,
    operation: string,
    what: string,
    fits: (call: Call) => boolean,
  ): Promise<void> {
    await eventually(
      `a call of ${operation} that ${what}`,
      () => {
        this.leaving.signal.throwIfAborted();
        const call = this.calls(platform, operation).at(-1);
        return call !== undefined && fits(call) ? true : undefined;
      },
      patienceMs,
      5,
    );
  }

  /** Resolves when the database is being rewound. */
  async rewinding(): Promise<void> {
    const rewinding = () => {
      this.leaving.signal.throwIfAborted();
      return this.sandbox.postgres.status() === 'restoring' ? true : undefined;
    };
    await eventually('a database that is being rewound', rewinding, patienceMs, 5);
  }

  private calls(platform: Platform, operation: string): readonly Call[] {
    return this.sandbox[platform].calls
      .all()
      .slice(this.before[platform])
      .filter((call) => call.operation === operation);
  }

  /** Reads the history as it grows; each answer of the server comes with the next event. */
  private async happened(what: string): Promise<void> {
    const { client } = this.sandbox.temporal.environment;
    const { workflowId, runId } = this.recovery;
    let nextPageToken: Uint8Array | undefined;
    const giveUpAt = Date.now() + patienceMs;
    while (!this.seen.includes(what)) {
      this.leaving.signal.throwIfAborted();
      if (Date.now() > giveUpAt) throw new Error(`Waited in vain: ${what}.`);
      const answer = await client
        .withDeadline(Date.now() + longPollMs, () =>
          client.workflowService.getWorkflowExecutionHistory({
            namespace: 'default',
            execution: { workflowId, runId },
            waitNewEvent: true,
            ...(nextPageToken === undefined ? {} : { nextPageToken }),
          }),
        )
        .catch(() => undefined);
      if (answer === undefined) continue;
      nextPageToken = answer.nextPageToken.length > 0 ? answer.nextPageToken : undefined;
      const found = (answer.history?.events ?? []).flatMap((event) => {
        const step =
          event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.['DrStep']
            ?.data;
        const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
        return [
          ...(step == null ? [] : [`step ${text(step)}`]),
          ...(activity == null ? [] : [`activity ${activity}`]),
        ];
      });
      this.seen = [...this.seen, ...found];
      const ended = (answer.history?.events ?? []).some(
        (event) => event.workflowExecutionCompletedEventAttributes != null,
      );
      if (ended && !this.seen.includes(what)) throw new Error(`The run ended without: ${what}.`);
    }
  }
}

/** A keyword attribute, which is JSON: a string, or a list of one. */
function text(data: Uint8Array): string {
  const value: unknown = JSON.parse(Buffer.from(data).toString());
  return String(Array.isArray(value) ? value[0] : value);
}
