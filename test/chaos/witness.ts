import { eventually } from '../end-to-end/condition.ts';
import type { Recovery } from '../end-to-end/recovery.ts';
import type { SandboxProduction } from '../sandbox/index.ts';

type RestoreCall = ReturnType<SandboxProduction['supabase']['calls']['all']>[number];

const longPollMs = 20_000;

/** Sees what happens in a recovery at once: by its history, and by the provider's log. */
export class Witness {
  private readonly sandbox: SandboxProduction;
  private readonly recovery: Recovery;
  private readonly restoresBefore: number;
  private seen: readonly string[] = [];

  constructor(sandbox: SandboxProduction, recovery: Recovery, restoresBefore: number) {
    this.sandbox = sandbox;
    this.recovery = recovery;
    this.restoresBefore = restoresBefore;
  }

  /** The restore requests of this recovery, as the provider logged them. */
  restores(): readonly RestoreCall[] {
    return this.sandbox.supabase.calls.all('restore-pitr').slice(this.restoresBefore);
  }

  /** Resolves when the run enters a step. */
  entering(step: string): Promise<void> {
    return this.happened(`step ${step}`);
  }

  /** Resolves when an activity of this type is asked for. */
  asking(activityType: string): Promise<void> {
    return this.happened(`activity ${activityType}`);
  }

  /** Resolves when the provider's log says so of the newest restore request. */
  async restore(what: string, fits: (call: RestoreCall) => boolean): Promise<void> {
    await eventually(
      `a restore request that ${what}`,
      () => {
        const call = this.restores().at(-1);
        return call !== undefined && fits(call) ? true : undefined;
      },
      120_000,
      5,
    );
  }

  /** Resolves when the database is being rewound. */
  async rewinding(): Promise<void> {
    const rewinding = () => (this.sandbox.postgres.status() === 'restoring' ? true : undefined);
    await eventually('a database that is being rewound', rewinding, 120_000, 5);
  }

  /** Reads the history as it grows; each answer of the server comes with the next event. */
  private async happened(what: string): Promise<void> {
    const { client } = this.sandbox.temporal.environment;
    const { workflowId, runId } = this.recovery;
    let nextPageToken: Uint8Array | undefined;
    const giveUpAt = Date.now() + 120_000;
    while (!this.seen.includes(what)) {
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
