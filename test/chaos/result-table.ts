import Table from 'cli-table3';
import type { CaseResult } from './run-case.ts';

/** A duration for people. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** All results at one look. */
export function resultTable(results: readonly CaseResult[]): string {
  const table = new Table({
    head: ['Case', 'Took', 'Requests', 'Asked besides', 'Broken'],
    style: { head: [], border: [] },
    colWidths: [44, 10, 10, 40, 40],
    wordWrap: true,
  });
  for (const { name, durationMs, restoreRequests, asked, violations } of results) {
    table.push([
      name,
      seconds(durationMs),
      restoreRequests,
      asked.join('\n'),
      violations.join('\n') || 'nothing',
    ]);
  }
  return table.toString();
}
