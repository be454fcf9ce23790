import type {
  OperationIncident,
  OperationRecord,
  ScheduleCounts,
} from '../../workflows/contracts/operations.ts';
import type { ErasableObjectStore, Webhook } from '../ports.ts';
import { clearIncident, readIncident, writeIncident } from './incidents.ts';
import type { OperationPlace } from './keys.ts';
import { listOperationRecords, putOperationRecord } from './operation-records.ts';
import { readScheduleCounts, writeScheduleCounts } from './schedule-counts.ts';

/** What the alerting activities need. */
export interface AlertingDependencies {
  readonly store: ErasableObjectStore;
  /** Null when none is configured: mail is then the only road. */
  readonly webhook: Webhook | null;
}

/** Activities that keep what operations leave behind, and tell of failures on the second road. */
export function createAlertingActivities({ store, webhook }: AlertingDependencies) {
  return {
    /** See {@link readIncident}. */
    readIncident: (place: OperationPlace): Promise<OperationIncident | null> => readIncident(store, place),
    /** See {@link writeIncident}. */
    writeIncident: (incident: OperationIncident): Promise<void> => writeIncident(store, incident),
    /** See {@link clearIncident}. */
    clearIncident: (place: OperationPlace): Promise<void> => clearIncident(store, place),
    /** See {@link putOperationRecord}. */
    putOperationRecord: (record: OperationRecord): Promise<{ key: string }> =>
      putOperationRecord(store, record),
    /** See {@link listOperationRecords}. */
    listOperationRecords: (
      input: OperationPlace & { readonly limit: number },
    ): Promise<readonly OperationRecord[]> => listOperationRecords(store, input),
    /** See {@link readScheduleCounts}. */
    readScheduleCounts: (input: { readonly environment: string }): Promise<readonly ScheduleCounts[]> =>
      readScheduleCounts(store, input),
    /** See {@link writeScheduleCounts}. */
    writeScheduleCounts: (input: {
      readonly environment: string;
      readonly counts: readonly ScheduleCounts[];
    }): Promise<void> => writeScheduleCounts(store, input),
    /**
     * Posts an alert on the webhook, and says so when none is configured.
     *
     * @throws DrError `webhook-unavailable` (retried) or `configuration-invalid`
     */
    postWebhook: async ({ text }: { readonly text: string }): Promise<{ detail: string }> => {
      if (webhook === null) return { detail: 'no webhook is configured: nothing was posted' };
      await webhook.post(text);
      return { detail: 'posted' };
    },
  };
}

/** The alerting activities as a workflow calls them. */
export type AlertingActivities = ReturnType<typeof createAlertingActivities>;
