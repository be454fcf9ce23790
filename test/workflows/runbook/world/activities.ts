import { activityInfo } from '@temporalio/activity';
import type { RunningOperation } from '../../../../activities/coordination/ask-operations-to-stand-back.ts';
import type {
  ArmedRestore,
  MailOutcome,
  RestoreSettlement,
} from '../../../../workflows/contracts/evidence.ts';

/** What happens in the outside world when a run does something: returns, throws, or takes its time. */
export type Happening = (attempt: number) => unknown;

/** What one run did to the outside world, in order, and what was arranged to happen. */
export interface Record {
  readonly calls: string[];
  readonly mails: {
    readonly to: readonly string[];
    readonly subject: string;
    readonly lines: readonly string[];
  }[];
  readonly happenings: Map<string, Happening>;
}

/** The outside world of a run, kept apart by workflow id. */
export type Records = Map<string, Record>;

/**
 * The activities of the outside world: each is recorded under a name and does what the test arranged for that name.
 * Those of the engine itself (mail, reports, the restore) have the names and results of the real ones.
 */
export function worldActivities(records: Records) {
  const happen = async (name: string): Promise<unknown> => {
    const { workflowExecution, attempt } = activityInfo();
    const record = records.get(workflowExecution?.workflowId ?? '');
    record?.calls.push(name);
    return record?.happenings.get(name)?.(attempt);
  };
  return {
    /** One thing that a step of the rehearsal does; what the test's happening returned, as text. */
    act: async (name: string): Promise<string> => String((await happen(name)) ?? ''),
    mailTeam: async (mail: {
      readonly recipients: readonly string[];
      readonly subject: string;
      readonly lines: readonly string[];
    }): Promise<MailOutcome> => {
      const { workflowExecution } = activityInfo();
      const { recipients: to, subject, lines } = mail;
      records.get(workflowExecution?.workflowId ?? '')?.mails.push({ to, subject, lines });
      await happen('mail');
      return { sent: to.length, failed: 0, reason: null };
    },
    postWebhook: async ({ text }: { readonly text: string }) => {
      const { workflowExecution } = activityInfo();
      records.get(workflowExecution?.workflowId ?? '')?.calls.push(`post ${text.split('\n')[0]}`);
      return { posted: true, detail: 'posted' };
    },
    restoreRequestedBeforeReset: async (): Promise<string | null> => null,
    askOperationsToStandBack: async (): Promise<readonly RunningOperation[]> => [],
    putReport: async ({ key }: { readonly key: string }): Promise<{ keys: string[] }> => {
      await happen('put report');
      return { keys: [`${key}.md`] };
    },
    armRestore: async ({ nonce }: { readonly nonce: string }): Promise<ArmedRestore> => {
      await happen('arm');
      return { nonce, armedAt: '2026-01-01T00:00:00Z', statusBefore: 'ACTIVE_HEALTHY' };
    },
    sendRestoreRequest: async (): Promise<unknown> => (await happen('send')) ?? { kind: 'accepted' },
    settleRestore: async (): Promise<RestoreSettlement> => {
      const kind = await happen('settle');
      const evidence = 'as the test arranged';
      return kind === 'unproved' || kind === 'not-accepted'
        ? { kind, evidence }
        : { kind: 'accepted', evidence };
    },
    awaitRestored: async () => {
      await happen('await');
      return { restoredAt: '2026-01-01T00:01:00Z', durationMs: 1000 };
    },
  };
}

/** The outside world as the rehearsal calls it. */
export type WorldActivities = ReturnType<typeof worldActivities>;
