import type { Document } from '../../workflows/contracts/document.ts';
import type {
  OperationIncident,
  OperationKind,
  OperationRecord,
  ScheduleCounts,
} from '../../workflows/contracts/operations.ts';
import type { ErasableObjectStore, Webhook } from '../ports.ts';
import { clearIncident, listIncidents, readIncident, writeIncident } from './incidents.ts';
import type { OperationPlace } from './keys.ts';
import { lastSucceeded, listOperationRecords, putOperationRecord } from './operation-records.ts';
import { removeOldRecords } from './remove-old-records.ts';
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
    readIncident: (kind: OperationKind): Promise<OperationIncident | null> => readIncident(store, kind),
    /** See {@link listIncidents}. */
    listIncidents: (input: { readonly environment: string }): Promise<readonly OperationIncident[]> =>
      listIncidents(store, input),
    /** See {@link writeIncident}. */
    writeIncident: (incident: OperationIncident): Promise<void> => writeIncident(store, incident),
    /** See {@link clearIncident}. */
    clearIncident: (kind: OperationKind): Promise<void> => clearIncident(store, kind),
    /** See {@link putOperationRecord}. */
    putOperationRecord: (record: OperationRecord, document?: Document | null): Promise<{ key: string }> =>
      putOperationRecord(store, record, document),
    /** See {@link listOperationRecords}. */
    listOperationRecords: (
      input: OperationPlace & { readonly limit: number },
    ): Promise<readonly OperationRecord[]> => listOperationRecords(store, input),
    /** See {@link removeOldRecords}. */
    removeOldRecords: (input: {
      readonly environment: string;
      readonly before: string;
    }): Promise<{ readonly removed: number }> => removeOldRecords(store, input),
    /** See {@link lastSucceeded}. */
    lastSucceeded: (kind: OperationKind): Promise<string | null> => lastSucceeded(store, kind),
    /** See {@link readScheduleCounts}. */
    readScheduleCounts: (input: { readonly environment: string }): Promise<readonly ScheduleCounts[]> =>
      readScheduleCounts(store, input),
    /** See {@link writeScheduleCounts}. */
    writeScheduleCounts: (input: {
      readonly environment: string;
      readonly counts: readonly ScheduleCounts[];
    }): Promise<void> => writeScheduleCounts(store, input),
    /**
     * Posts an alert on the webhook.
     *
     * @returns whether it was posted: not when no webhook is configured
     * @throws DrError `webhook-unavailable` (retried) or `configuration-invalid`
     */
    postWebhook: async ({
      text,
    }: {
      readonly text: string;
    }): Promise<{ posted: boolean; detail: string }> => {
      if (webhook === null) {
        return { posted: false, detail: 'no webhook is configured: nothing was posted' };
      }
      await webhook.post(text);
      return { posted: true, detail: 'posted' };
    },
  };
}

/** The alerting activities as a workflow calls them. */
export type AlertingActivities = ReturnType<typeof createAlertingActivities>;
