import { describe, expect, it } from 'vitest';
import { beforeProduction } from '../../../../workflows/operations/readiness/before-production.ts';
import { readinessQuestions } from '../../../../workflows/operations/readiness/examine.ts';
import { ongoing } from '../../../../workflows/operations/readiness/ongoing.ts';
import { judge } from './judge.ts';

describe('the production checklist', () => {
  it('has every line of section 10, as the procedure writes it and in its order', () => {
    expect(beforeProduction.map(({ item }) => item)).toEqual([
      'Supabase backups configured',
      'Daily backup schedule set',
      'PITR enabled',
      'Backup validation script created',
      'Restore procedure tested',
      'Recovery plan documented',
      'Team trained on recovery',
      'Monitoring configured',
      'Alerts configured',
      'DR drill scheduled',
    ]);
    expect(ongoing.map(({ item }) => item)).toEqual([
      'Daily backup verification',
      'Weekly restore tests',
      'Monthly DR drills',
      'Quarterly security audit',
      'Annual recovery plan review',
    ]);
    expect(new Set(readinessQuestions.map(({ item }) => item)).size).toBe(readinessQuestions.length);
  });

  it('takes silence for good nowhere: only what the policy itself answers can be known then', () => {
    const known = readinessQuestions.filter(({ item }) => {
      const { state, found, todo } = judge(item, {});
      if (state === 'unknown') expect({ found, todo }).toEqual({ found: 'no answer', todo: ['look at it'] });
      return state === 'ok' || state === 'attention';
    });
    expect(known.map(({ item }) => item)).toEqual(['RTO that can be kept', 'Two people who may approve']);
  });
});
