import type { Block } from '../../contracts/document.ts';
import { duration, plural, utc } from '../format.ts';

/** Something that was done from one moment to another. RFC 3339, UTC. */
export interface TimedPart {
  readonly name: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** When each part ran, one bar each; nothing where there are none. */
export function partsTimeline(title: string, parts: readonly TimedPart[]): readonly Block[] {
  const rows = parts.map(({ name, startedAt: from, finishedAt: to }) => ({
    label: name,
    note: duration(Date.parse(to) - Date.parse(from)),
    spans: [{ from, to, kind: 'work' } as const],
    marked: false,
  }));
  const from = parts.map(({ startedAt }) => startedAt).toSorted((a, b) => a.localeCompare(b))[0];
  const to = parts
    .map(({ finishedAt }) => finishedAt)
    .toSorted((a, b) => a.localeCompare(b))
    .at(-1);
  if (from === undefined || to === undefined) return [];
  const description = `${plural(rows.length, 'part', 'parts')} from ${utc(from)} to ${utc(to)}.`;
  return [{ kind: 'timeline', timeline: { title, description, from, to, rows, marks: [] } }];
}
