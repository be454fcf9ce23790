import Table from 'cli-table3';
import type { CaseResult } from './run-case.ts';

/** A duration for people. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** All results at one look. */
export function resultTable(results: readonly CaseResult[]): string {
  const table = new Table({
    head: ['Scenario', 'Case', 'Took', 'Done for good', 'Asked besides', 'Broken'],
    style: { head: [], border: [] },
    colWidths: [21, 40, 10, 20, 36, 36],
    wordWrap: true,
  });
  for (const { scenario, name, durationMs, effects, asked, violations } of results) {
    table.push([
      scenario,
      name,
      seconds(durationMs),
      effects.join('\n') || 'nothing',
      asked.join('\n'),
      violations.join('\n') || 'nothing',
    ]);
  }
  return table.toString();
}
