import type { LossSurvey } from '../../workflows/contracts/recovery-point.ts';
import type { Measurements } from '../../workflows/contracts/trend.ts';
import type { ObjectStore } from '../ports.ts';
import { type Baseline, readBaseline, recordBaseline } from './baselines.ts';
import { readMeasurements } from './measurements.ts';
import { putReport, type ReportInput } from './reports.ts';

export type { Baseline } from './baselines.ts';
export { measuredDurations } from './durations.ts';

/** Activities that keep evidence in the object store, where no recovery rewinds it. */
export function createEvidenceActivities({ store }: { readonly store: ObjectStore }) {
  return {
    /** See {@link putReport}. */
    putReport: (input: ReportInput): Promise<{ keys: string[] }> => putReport(store, input),
    /** See {@link readMeasurements}. */
    readMeasurements: (input: {
      readonly environment: string;
      readonly from: string;
    }): Promise<Measurements> => readMeasurements(store, input),
    /** See {@link recordBaseline}. */
    recordBaseline: (input: {
      readonly environment: string;
      readonly survey: LossSurvey;
    }): Promise<{ key: string }> => recordBaseline(store, input),
    /** See {@link readBaseline}. */
    readBaseline: (input: {
      readonly environment: string;
      readonly atOrBeforeUnix: number;
    }): Promise<Baseline | null> => readBaseline(store, input),
  };
}

/** The evidence activities as a workflow calls them. */
export type EvidenceActivities = ReturnType<typeof createEvidenceActivities>;
