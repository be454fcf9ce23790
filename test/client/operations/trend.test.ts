import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recoveryDocument } from '../../../workflows/runbook/documents/recovery.ts';
import { sampleReport } from '../../workflows/runbook/sample-status.ts';
import { operationsOfThisFile } from './peer/operations.ts';

const operations = operationsOfThisFile();
const { dr } = operations;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dr-trend-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Leaves the report of a recovery of yesterday. */
async function leaveRecovery(environment: string) {
  const startedAt = new Date(Date.now() - 86_400_000).toISOString();
  const status = { ...sampleReport.status, environment, startedAt };
  const rto = { objectiveMs: 1_800_000, measuredMs: 600_000, met: true, basis: 'measured' };
  const json = { ...sampleReport, outcome: 'recovered' as const, status, rto };
  const key = `recoveries/${environment}/${startedAt.replaceAll(':', '-')}-0199/report`;
  await operations.worker.evidence.putReport({ key, document: recoveryDocument(json), json });
}

describe('dr report --trend', () => {
  it('tells the figures by month from what is stored, and how to see them drawn', async () => {
    await leaveRecovery('measured');
    const { code, out, err } = await dr('report', '--trend', '-e', 'measured');
    expect(code).toBe(0);
    expect(out).toContain('## RTO of data-loss');
    expect(out).toMatch(/\| \d{4}-\d\d \| 1 \| 10 min 00 s \| 10 min 00 s \| 10 min 00 s \| 0 \|/);
    expect(out).toMatch(/\| \d{4}-\d\d \| 1 \| 1\.2 MB \| 1\.2 MB \| 1\.2 MB \|/);
    expect(out).toContain('- security-breach');
    expect(err).toContain('npx dr report --trend --output trend.html');
  });

  it('writes one page with a chart and a table for each figure', async () => {
    await leaveRecovery('drawn');
    const file = join(folder, 'trend.html');
    const { code, out } = await dr('report', '--trend', '--months', '3', '-e', 'drawn', '--output', file);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const page = await readFile(file, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.split('<figure class="chart">')).toHaveLength(6);
    expect(page.split('<table>')).toHaveLength(6);
  });

  it('gives every point as JSON, and says which backups could not be listed', async () => {
    await leaveRecovery('unlisted');
    const { code, out } = await dr('report', '--trend', '-e', 'unlisted', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      environment: 'unlisted',
      runs: [{ kind: 'recovery', scenario: 'data-loss', rtoMs: 600_000, rpoMs: null }],
      backupBytes: [],
      leftOut: ['Stored backups could not be listed: The object store refused the listing.'],
    });
  });

  it('says when the file cannot be written', async () => {
    const file = join(folder, 'missing', 'trend.html');
    const { code, err } = await dr('report', '--trend', '-e', 'drawn', '--output', file);
    expect(code).toBe(1);
    expect(err.replace(/\s+/g, ' ')).toContain('could not be written');
  });

  it.each([
    [['--trend', '--months', '0'], '--months: expected a whole number from 1 to 120.'],
    [['--months', '3'], '--months: goes with --trend only.'],
    [['--trend', '--run', 'x'], '--run: --trend shows every run'],
    [['--html', '--json'], '--json, --html: give only one.'],
    [['--output', 'report.txt'], '--output: end the name with .html, .md or .json'],
  ])('refuses %j', async (words, told) => {
    const { code, out, err } = await dr('report', ...words);
    expect(code).toBe(2);
    expect(`${out}${err}`.replace(/\s+/g, ' ')).toContain(told);
  });
});
