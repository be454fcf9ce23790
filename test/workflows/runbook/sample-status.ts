import type { OpenDecision } from '../../../workflows/contracts/decisions.ts';
import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import type { RecoveryStatus, StepRecord } from '../../../workflows/contracts/status.ts';

/** A step that is done. */
export const sampleStep: StepRecord = {
  id: 'stop-application',
  kind: 'action',
  title: 'Stop the application',
  state: 'done',
  summary: 'deployment d1 is stopped',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:04.000Z',
  waitedForPeopleMs: 0,
  expected: null,
  failure: null,
};

/** An open gate. */
export const sampleGate: OpenDecision = {
  id: 'restore-database-r1-q1',
  kind: 'approval',
  step: 'restore-database',
  stepTitle: 'Restore the database in place',
  question: 'Rewind the database?',
  facts: [{ label: 'public.sales', value: '12 rows now' }],
  answers: ['approve', 'reject', 'replan', 'abort'],
  consequences: ['it is rewound', 'everything is undone', 'another target', 'everything is undone'],
  digest: `0123456789ab${'c'.repeat(52)}`,
  openedAt: '2026-01-01T00:01:00.000Z',
  expiresAt: '2026-01-01T04:01:00.000Z',
};

/** A run that waits at its gate. */
export const sampleStatus: RecoveryStatus = {
  environment: 'production',
  scenario: 'data-loss',
  title: 'Data loss',
  workflowId: 'recovery-production',
  runId: 'run-1',
  startedBy: 'oncall',
  startedAt: '2026-01-01T00:00:00.000Z',
  incidentAt: null,
  reason: 'rows are gone',
  phase: 'waiting-for-approval',
  revision: 1,
  project: { provider: 'supabase', ref: 'abc', name: 'VendHub', region: 'eu' },
  steps: [sampleStep],
  open: sampleGate,
  plan: null,
  measures: [{ step: 'stop-application', inForce: 'application stopped', since: '2026-01-01T00:00:00.000Z' }],
  decisions: [],
  warnings: [],
  objective: { rtoMs: 1_800_000, rpoMs: 60_000 },
  waitedForPeopleMs: 65_000,
  safeState: 'everything is undone',
  destroyed: false,
  outcome: null,
};

/** What a run leaves that was rejected and of which nothing is known. */
export const sampleReport: RecoveryReport = {
  formatVersion: 1,
  outcome: 'undone',
  headline: 'Nothing was destroyed.',
  restoredToUnix: null,
  restoreMs: null,
  status: { ...sampleStatus, open: null, measures: [], outcome: 'undone' },
  finishedAt: '2026-01-01T00:10:00.000Z',
  rto: { objectiveMs: 1_800_000, measuredMs: null, met: null, basis: 'not known' },
  rpo: { objectiveMs: 60_000, measuredMs: null, met: null, basis: 'not known' },
  waitedForPeopleMs: 65_000,
  discardedWindow: null,
  tables: [],
  recoveryPoint: null,
  surveyed: null,
  safetyCopies: [],
  verification: null,
  reconciliation: null,
  brokenGlass: [],
  improvements: [],
  storedAt: [],
};
