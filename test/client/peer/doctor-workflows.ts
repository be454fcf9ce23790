import type { DoctorInput, DoctorReport, ReadinessState } from '../../../workflows/contracts/readiness.ts';

/** Stands in for the doctor: one item, in the state that the environment is named after; `healthy` is only attention. */
export async function doctor({ environment }: DoctorInput): Promise<DoctorReport> {
  return {
    environment,
    at: new Date().toISOString(),
    tookMs: 1,
    provider: { project: 'vendhub', region: 'unknown', redundancy: 'unknown' },
    scenarios: null,
    items: [
      { ...item, state: 'ok' },
      { ...item, state: stateOf(environment) },
    ],
  };
}

const item = { group: 'beyond', item: 'Workers', procedure: 'beyond', found: 'two', todo: [] } as const;

function stateOf(environment: string): ReadinessState {
  switch (environment) {
    case 'failed':
    case 'unknown':
      return environment;
    default:
      return 'attention';
  }
}
