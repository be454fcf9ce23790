import Table from 'cli-table3';
import type { Screen } from './screen.ts';
import { borderless } from './table.ts';

/** One run in a list, known without a worker. Times are RFC 3339, UTC. */
export interface ListedRun {
  readonly kind: 'recovery' | 'plan';
  readonly workflowId: string;
  readonly runId: string;
  readonly scenario: string;
  readonly state: string;
  readonly phase: string;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly closedAt: string | null;
}

/** Two lines a run within 80 characters: what and how it stands, then the ids in full. */
export function listScreen(runs: readonly ListedRun[], { style }: Screen): string[] {
  const table = new Table({
    ...borderless,
    head: ['STARTED (UTC)', 'SCENARIO', 'STATE', 'PHASE'],
    colWidths: [16, 19, 16, 20],
  });
  for (const run of runs) {
    const started = run.startedAt.slice(0, 16).replace('T', ' ');
    table.push([started, run.scenario, run.state, run.kind === 'plan' ? 'plan' : run.phase]);
  }
  const [head = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [
    head,
    ...lines.flatMap((line, index) => {
      const run = runs[index];
      return run === undefined ? [line] : [line, style('faint', idLine(run))];
    }),
  ];
}

function idLine({ kind, startedBy, workflowId, runId }: ListedRun): string {
  return kind === 'plan'
    ? `  by ${startedBy}, ${workflowId}`
    : `  by ${startedBy}, ${workflowId}, run ${runId}`;
}
