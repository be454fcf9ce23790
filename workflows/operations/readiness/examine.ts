import type { DoctorReport } from '../../contracts/readiness.ts';
import { backups } from './backups.ts';
import { beforeProduction } from './before-production.ts';
import { drilledScenarios } from './drilled-scenarios.ts';
import type { Examination, ReadinessQuestion } from './examination.ts';
import { ongoing } from './ongoing.ts';
import { promises } from './promises.ts';
import { systems } from './systems.ts';
import { watchers } from './watchers.ts';

/** The production checklist in its order. */
export const readinessQuestions: readonly ReadinessQuestion[] = [
  ...beforeProduction,
  ...ongoing,
  ...drilledScenarios,
  ...systems,
  ...watchers,
  ...backups,
  ...promises,
];

/** Answers every item by what was found. */
export function examine(examination: Examination): DoctorReport['items'] {
  return readinessQuestions.map(({ group, item, judge }) => ({
    group,
    item,
    procedure: group === 'beyond' ? 'beyond' : 'section 10',
    ...judge(examination),
  }));
}
