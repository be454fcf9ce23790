import type { Section } from '../../contracts/document.ts';
import type { Improvement } from '../../contracts/report.ts';
import { duration } from '../format.ts';

/** What to improve, as a section; says so where nothing was found. */
export function improvementSection(found: readonly Improvement[]): Section {
  const title = 'What to improve';
  if (found.length === 0) {
    return { title, blocks: [{ kind: 'text', text: 'Nothing that the figures show.' }] };
  }
  const rows = found.map(({ kind, what, ms }) => [
    kind.replaceAll('-', ' '),
    what,
    ms === null ? '' : duration(ms),
  ]);
  return { title, blocks: [{ kind: 'table', head: ['Kind', 'What', 'Time'], rows, numeric: [2] }] };
}
