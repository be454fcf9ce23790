import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../../activities/evidence/page/markdown.ts';
import type { OperationRecord } from '../../../../workflows/contracts/operations.ts';
import { operationDocument } from '../../../../workflows/runbook/documents/operation.ts';

const tested: OperationRecord = {
  formatVersion: 1,
  environment: 'production',
  operation: 'restore-test',
  tier: null,
  workflowId: 'restore-test-production',
  runId: '0199',
  startedBy: 'schedule',
  startedAt: '2026-01-04T05:00:00.000Z',
  finishedAt: '2026-01-04T05:01:10.000Z',
  outcome: 'succeeded',
  summary: 'restored in 1 min 05 s',
  checks: [{ name: 'users', passed: true, found: '250', expected: 'at least 100' }],
  restores: [{ from: 's3', ms: 65_000 }],
  parts: [
    {
      name: 'restore from s3',
      startedAt: '2026-01-04T05:00:01.000Z',
      finishedAt: '2026-01-04T05:01:09.000Z',
    },
  ],
  failure: null,
};

const lines = (record: OperationRecord) => renderMarkdown(operationDocument(record)).split('\n');

describe('the record of an operation', () => {
  it('tells when it ran, what it measured and what it checked', () => {
    const text = lines(tested);
    for (const line of [
      '# restore-test, production: succeeded',
      'restored in 1 min 05 s',
      '- Started by schedule at 2026-01-04 05:00:00 UTC, finished 2026-01-04 05:01:10 UTC, took 1 min 10 s',
      '- restore from s3: 1 min 08 s',
      '| s3 | 1 min 05 s |',
      '| passed | users | 250 | at least 100 |',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toContain('## What to improve');
  });

  it('draws a bar for each part, and no picture where there are none', () => {
    const kindsOf = (record: OperationRecord) =>
      operationDocument(record).sections.flatMap(({ blocks }) => blocks.map(({ kind }) => kind));
    expect(kindsOf(tested)).toContain('timeline');
    const { parts: _parts, ...without } = tested;
    expect(kindsOf(without)).not.toContain('timeline');
  });

  it('names what failed, what to do, and the slowest part', () => {
    const text = lines({
      ...tested,
      outcome: 'failed',
      checks: [{ name: 'users', passed: false, found: '3', expected: 'at least 100' }],
      parts: [
        ...(tested.parts ?? []),
        {
          name: 'restore from local',
          startedAt: '2026-01-04T05:01:09.000Z',
          finishedAt: '2026-01-04T05:01:10.000Z',
        },
      ],
      failure: { type: 'checks-failed', happened: 'Too few.', meaning: 'Of no use.', next: 'Look at it.' },
    });
    for (const line of [
      'Too few. Of no use.',
      '| FAILED | users | 3 | at least 100 |',
      '- Look at it. Then again: npx dr backup test-restore',
      '- FAILED: users: found 3, expected at least 100',
      '- The slowest part was “restore from s3”: 1 min 08 s.',
    ]) {
      expect(text).toContain(line);
    }
  });
});
