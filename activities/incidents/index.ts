import type { JudgedOrder } from '../../workflows/contracts/monitor.ts';
import type { Incident, Silence } from '../../workflows/contracts/monitoring.ts';
import type { ObjectStore } from '../ports.ts';
import { judgeOrder, type OrderJudgement } from './judge-order.ts';
import { readStoredWatch, type StoredWatch, writeMonitoredIncident, writeSilence } from './stored.ts';

/** Activities that keep what the monitor opened and what silences it, in the object store, and judge its orders. */
export function createIncidentActivities({ store }: { readonly store: ObjectStore }) {
  return {
    /** See {@link readStoredWatch}. */
    readStoredWatch: (input: { readonly environment: string }): Promise<StoredWatch> =>
      readStoredWatch(store, input),
    /** See {@link writeMonitoredIncident}. */
    writeMonitoredIncident: (incident: Incident): Promise<void> => writeMonitoredIncident(store, incident),
    /** See {@link writeSilence}. */
    writeSilence: (input: {
      readonly environment: string;
      readonly silence: Silence | null;
    }): Promise<void> => writeSilence(store, input),
    /** See {@link judgeOrder}. */
    judgeOrder: (input: OrderJudgement): Promise<JudgedOrder> => judgeOrder(input),
  };
}

/** The incident activities as a workflow calls them. */
export type IncidentActivities = ReturnType<typeof createIncidentActivities>;
