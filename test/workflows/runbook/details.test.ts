import { describe, expect, test } from 'vitest';
import { renderDetails } from '../../../workflows/runbook/details.ts';
import { sampleGate, sampleStatus, sampleStep } from './sample-status.ts';

const bytes = (text: string) => Buffer.byteLength(text);
const tableRows = (page: string) => page.split('\n').filter((line) => line.startsWith('| '));
const cellsOf = (line: string) => line.split(/(?<!\\)\|/).length;

describe('the page in the Web UI', () => {
  test('shows what is asked first, with each answer, what it leads to and its command', () => {
    const page = renderDetails(sampleStatus);
    expect(page.indexOf('Rewind the database?')).toBeLessThan(page.indexOf('Stop the application'));
    expect(page).toContain('- **approve**: it is rewound');
    expect(page).toContain('npx dr approve --environment production --digest 0123456789ab --as NAME');
    expect(page).toContain('temporal workflow signal --workflow-id recovery-production');
    expect(page).toContain('application stopped, since 2026-01-01 00:00:00 UTC');
    expect(page).toContain('Incident at unknown');
  });

  test('shows how a run ended', () => {
    const page = renderDetails({ ...sampleStatus, open: null, measures: [], outcome: 'left-fenced' });
    expect(page).toContain('Ended: left-fenced');
    expect(page).not.toContain('In force now');
  });

  test('keeps each row of a table in one line with as many cells as its head, whatever is in it', () => {
    const nasty = `a|b\\|c\n\`d\` <img src=x> ${'|'.repeat(500)}`;
    const page = renderDetails({
      ...sampleStatus,
      open: { ...sampleGate, facts: [{ label: nasty, value: nasty }] },
      steps: [{ ...sampleStep, title: nasty, summary: nasty }],
    });
    const rows = tableRows(page);
    expect(rows).toHaveLength(6);
    expect(rows.slice(0, 3).map(cellsOf)).toEqual([4, 4, 4]);
    expect(new Set(rows.slice(3).map(cellsOf)).size).toBe(1);
    expect(page).not.toMatch(/(?<!\\)<img/);
  });

  test('stays within 20 KB for a large run, and still says how to answer', () => {
    const long = 'ä'.repeat(600);
    const page = renderDetails({
      ...sampleStatus,
      warnings: Array.from({ length: 60 }, (_, index) => `${index} ${long}`),
      open: {
        ...sampleGate,
        facts: Array.from({ length: 300 }, (_, index) => ({ label: `public.table_${index}`, value: long })),
      },
      steps: Array.from({ length: 25 }, (_, index) => ({
        ...sampleStep,
        id: String(index),
        failure: { type: 'internal-error', happened: long, meaning: long, next: long },
      })),
    });
    expect(bytes(page)).toBeLessThanOrEqual(20_000);
    expect(page).toContain('npx dr approve --environment production --digest 0123456789ab --as NAME');
    expect(page).toContain('npx dr status --environment production');
  });
});
