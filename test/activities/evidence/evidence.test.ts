import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvidenceActivities, type EvidenceActivities } from '../../../activities/evidence/index.ts';
import type { LossSurvey } from '../../../workflows/contracts/recovery-point.ts';
import { startTestStore } from '../../sandbox/s3/test-store.ts';
import { failureOf } from '../failure-of.ts';

describe('evidence in a real object store', () => {
  let storage: Awaited<ReturnType<typeof startTestStore>>;
  let evidence: EvidenceActivities;
  beforeAll(async () => {
    storage = await startTestStore();
    evidence = createEvidenceActivities({ store: storage.store });
  });
  afterAll(() => storage.stop());

  const surveyAt = (surveyedAt: string, present: number): LossSurvey => ({
    targetUnix: 0,
    surveyedAt,
    tables: [{ table: 'public.sales', present, discarded: null, basis: 'unknown', broughtBack: null }],
    newestCommitAt: null,
    databaseBytes: 9_000_000,
  });
  const unix = (moment: string) => Date.parse(moment) / 1000;

  it('keeps a report for people and for programs', async () => {
    const { keys } = await evidence.putReport({
      key: 'runs/1/report',
      document: { title: 'Ende ✓', verdict: null, headline: 'gut', sections: [] },
      json: { rto: 1 },
    });
    expect(keys).toEqual(['runs/1/report.md', 'runs/1/report.html', 'runs/1/report.json']);
    expect(await storage.store.getText('runs/1/report.md')).toBe('# Ende ✓\n\ngut\n');
    expect(await storage.store.getText('runs/1/report.html')).toContain('<h1 dir="auto">Ende ✓</h1>');
    expect(JSON.parse((await storage.store.getText('runs/1/report.json')) ?? '')).toEqual({ rto: 1 });
  });

  it('knows no baseline before the first', async () => {
    expect(await evidence.readBaseline({ environment: 'empty', atOrBeforeUnix: 4e9 })).toBeNull();
  });

  it('finds the newest baseline that is not newer than the moment, of that environment alone', async () => {
    for (const [moment, rows] of [
      ['2026-01-01T00:00:00.000Z', 10],
      ['2026-01-02T00:00:00Z', 20],
      ['2026-01-03T00:00:00.123456Z', 30],
    ] as const) {
      await evidence.recordBaseline({ environment: 'production', survey: surveyAt(moment, rows) });
    }
    await evidence.recordBaseline({
      environment: 'production-2',
      survey: surveyAt('2026-01-02T00:00:00Z', 99),
    });
    const rowsAt = async (moment: string) =>
      (await evidence.readBaseline({ environment: 'production', atOrBeforeUnix: unix(moment) }))?.tables[0]
        ?.rows;
    expect(await rowsAt('2025-12-31T23:59:59Z')).toBeUndefined();
    expect(await rowsAt('2026-01-01T12:00:00Z')).toBe(10);
    expect(await rowsAt('2026-01-02T00:00:00Z')).toBe(20);
    expect(await rowsAt('2026-01-03T00:00:00Z')).toBe(20);
    expect(await rowsAt('2027-01-01T00:00:00Z')).toBe(30);
  });

  it('passes over a baseline that cannot be read', async () => {
    const environment = 'damaged';
    await evidence.recordBaseline({ environment, survey: surveyAt('2026-01-01T00:00:00Z', 10) });
    const folder = `baselines/${environment}`;
    await storage.store.putText(`${folder}/2026-01-02T00:00:00.000Z.json`, '{"tables":', 'application/json');
    await storage.store.putText(
      `${folder}/2026-01-03T00:00:00.000Z.json`,
      '{"tables":[]}',
      'application/json',
    );
    await storage.store.putText(`${folder}/readme.txt`, 'x', 'text/plain');
    const found = await evidence.readBaseline({ environment, atOrBeforeUnix: 4e9 });
    expect(found).toEqual({
      environment,
      takenAt: '2026-01-01T00:00:00.000Z',
      databaseBytes: 9_000_000,
      tables: [{ table: 'public.sales', rows: 10 }],
    });
  });

  it.each(['../x', 'a/b', '', 'a b'])('refuses the environment name %j', async (environment) => {
    expect((await failureOf(evidence.readBaseline({ environment, atOrBeforeUnix: 0 }))).type).toBe(
      'input-invalid',
    );
    const recorded = evidence.recordBaseline({ environment, survey: surveyAt('2026-01-01T00:00:00Z', 1) });
    expect((await failureOf(recorded)).type).toBe('input-invalid');
  });
});
