import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../../../activities/evidence/page/markdown.ts';
import type { RecoveryReport } from '../../../../workflows/contracts/report.ts';
import { recoveryDocument } from '../../../../workflows/runbook/documents/recovery.ts';
import { sampleReport, sampleStatus, sampleStep } from '../sample-status.ts';

const renderReport = (report: RecoveryReport) => renderMarkdown(recoveryDocument(report));

const full: RecoveryReport = {
  ...sampleReport,
  outcome: 'recovered',
  rto: { objectiveMs: 1_800_000, measuredMs: 2_000_000, met: false, basis: 'from the incident' },
  rpo: { objectiveMs: 60_000, measuredMs: 1_000, met: true, basis: 'from the newest commit' },
  discardedWindow: { from: '2026-01-01T00:00:00Z', to: null, ms: null },
  tables: [{ table: 'public.sales', before: 10, after: 7, discarded: null, broughtBack: 3 }],
  safetyCopies: [
    {
      bucket: 'dr',
      key: 'copy.json',
      bytes: 1_234,
      sha256: 'abc',
      tables: [],
      snapshotAt: '2026-01-01T00:01:00Z',
      lsn: '',
      durationMs: 1,
    },
  ],
  verification: {
    checks: [
      { name: 'users', passed: true, advisory: false, found: '100', expected: 'at least 100' },
      { name: 'sales', passed: false, advisory: false, found: '1', expected: '0' },
    ],
    tables: [],
    newestCommitAt: null,
  },
  reconciliation: {
    items: [
      { what: 'passwords', found: '1 older', mended: 'set again', needsPerson: false },
      { what: 'grants', found: '2 lost', mended: null, needsPerson: true },
      { what: 'slots', found: 'none', mended: null, needsPerson: false },
    ],
  },
  brokenGlass: ['oncall on restore-database: alone'],
  storedAt: ['report.md'],
  status: {
    ...sampleStatus,
    open: null,
    outcome: 'recovered',
    warnings: ['The provider lags.'],
    steps: [
      { ...sampleStep, waitedForPeopleMs: 61_000 },
      {
        ...sampleStep,
        title: 'Tell | them',
        state: 'failed',
        failure: { type: 'mail-refused', happened: 'One\ntwo | three', meaning: '', next: '' },
      },
    ],
    decisions: [
      {
        id: '1',
        kind: 'approve',
        decision: 'd',
        step: 'restore-database',
        by: 'oncall',
        at: '2026-01-01T00:02:00Z',
        accepted: true,
        verdict: 'Accepted.',
        reason: null,
        breakGlass: 'alone',
        target: null,
        runId: 'run-1',
      },
    ],
  },
};

describe('the report', () => {
  test('says what is unknown and leaves out what there is not', () => {
    const text = renderReport(sampleReport);
    expect(text).toContain('| RTO | 30 min 00 s | unknown | unknown | not known |');
    expect(text).toContain('- NO SAFETY COPY was made');
    expect(text).toContain('- Incident: unknown');
    for (const section of [
      '## Rows',
      '## Verification',
      '## Decisions',
      '## Know this',
      '## Still in force',
    ]) {
      expect(text).not.toContain(section);
    }
  });

  test('says everything that was measured, decided and left', () => {
    const text = renderReport(full);
    for (const line of [
      '# Data loss, production: recovered',
      '| RTO | 30 min 00 s | 33 min 20 s | MISSED | from the incident |',
      '| RPO | 1 min 00 s | 1 s | met | from the newest commit |',
      'Waited for people: 1 min 05 s, included in the RTO.',
      '- Discarded window: from 2026-01-01 00:00:00 UTC to unknown (unknown)',
      '- Safety copy: dr/copy.json, 1.2 kB, of 2026-01-01 00:01:00 UTC, SHA-256 abc',
      '- GLASS BROKEN by oncall on restore-database: alone',
      '- Stored as: report.md',
      '| public.sales | 10 | unknown | 3 | 7 |',
      '| FAILED | sales | 1 | 0 |',
      '| passwords | 1 older | set again |',
      '| grants | 2 lost | LOOK AT THIS |',
      '| slots | none | nothing to mend |',
      '| 2026-01-01 00:02:00 UTC | oncall (unverified) | approve | restore-database | Accepted. | alone |',
      '- The provider lags.',
      '- application stopped, since 2026-01-01 00:00:00 UTC',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  test('keeps each row of a table in one line with as many cells as its head', () => {
    const cells = (line: string) => line.split(/(?<!\\)\|/).length;
    const rows = renderReport(full)
      .split('\n\n')
      .filter((block) => block.startsWith('| '))
      .map((block) => block.split('\n').map(cells));
    expect(rows.length).toBeGreaterThan(5);
    for (const widths of rows) expect(new Set(widths).size).toBe(1);
    expect(renderReport(full)).toContain('One two \\| three');
  });
});
