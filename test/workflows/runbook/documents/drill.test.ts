import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../../activities/evidence/page/markdown.ts';
import type { DrillRecord } from '../../../../workflows/contracts/drills.ts';
import { drillDocument } from '../../../../workflows/runbook/documents/drill.ts';
import { sampleReport } from '../sample-status.ts';

const held: DrillRecord = {
  formatVersion: 1,
  environment: 'sandbox',
  id: 'drill-sandbox',
  runId: '0199',
  startedBy: 'schedule',
  startedAt: '2026-01-05T14:00:00.000Z',
  finishedAt: '2026-01-05T14:10:00.000Z',
  scenario: 'data-loss',
  fault: { id: 'deleted-rows', title: 'Deletes half of the sales' },
  surprise: false,
  unaided: false,
  verdict: 'verified (sandbox)',
  succeeded: true,
  failure: null,
  brokenAt: '2026-01-05T14:00:10.000Z',
  recoveryStartedAt: '2026-01-05T14:00:12.000Z',
  criteria: [{ name: 'within RTO', passed: true, found: '24 s', expected: 'at most 30 min' }],
  approvals: [],
  participants: [
    { name: 'anna', took: 'part' },
    { name: 'ben', took: 'a simulated part' },
  ],
  steps: [
    {
      step: 'announce',
      startedAt: '2026-01-05T14:00:00.000Z',
      finishedAt: '2026-01-05T14:00:05.000Z',
      summary: 'told',
    },
  ],
  data: null,
  improvements: [],
  recovery: { ...sampleReport, improvements: [{ kind: 'wait', step: null, what: 'Waited.', ms: 1_000 }] },
  fingerprint: null,
};

const lines = (record: DrillRecord) => renderMarkdown(drillDocument(record)).split('\n');

describe('the record of a drill', () => {
  it('tells the criteria and who took part, then all that the report of its recovery tells', () => {
    const text = lines(held);
    for (const line of [
      '# Drill: data-loss, sandbox: verified (sandbox)',
      '| met | within RTO | 24 s | at most 30 min |',
      '- Took part: anna, ben (simulated)',
      '| announce | 5 s | told |',
      '## Objectives',
      '| wait | Waited. | 1 s |',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('says which criterion was not met, and makes do without a recovery', () => {
    const missed = { name: 'within RTO', passed: false, found: 'unknown', expected: 'at most 30 min' };
    const text = lines({
      ...held,
      succeeded: false,
      verdict: 'not verified',
      criteria: [missed],
      recovery: null,
    });
    expect(text).toContain('| NOT MET | within RTO | unknown | at most 30 min |');
    expect(text[2]).toContain('NOT every criterion was met: within RTO.');
    expect(text).not.toContain('## Objectives');
  });
});
