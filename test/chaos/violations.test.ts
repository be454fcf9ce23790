import { describe, expect, it } from 'vitest';
import { dataLossRunbook } from '../../workflows/scenarios/data-loss.ts';
import { sampleReport, sampleStep } from '../workflows/runbook/sample-status.ts';
import { allCases } from './cases/index.ts';
import type { Standing } from './stage.ts';
import { type Aftermath, violations } from './violations.ts';

const whole: Standing = {
  version: 'v2',
  status: 'SUCCESS',
  health: 200,
  autoDeploy: true,
  allowedCidrs: ['0.0.0.0/0'],
  timeline: 4,
  standby: null,
};
const caseOf = (name: string) => {
  const found = allCases.find((it) => it.scenario === 'data-loss' && it.name === name);
  if (found === undefined) throw new Error(`There is no case "${name}".`);
  return found;
};
const restores = (count: number): Aftermath['effects'] => [
  { steps: ['restore-database'], what: 'restores', count },
];

/** A rejected plan after which everything is as it was found. */
const rejected: Aftermath = {
  chaosCase: caseOf('reject at the gate of restore-database'),
  report: sampleReport,
  cancelled: false,
  gateLedTo: dataLossRunbook.safeState.beforeDestruction,
  restores: [],
  effects: restores(0),
  whole,
  found: whole,
  standing: () => Promise.resolve(whole),
  history: { events: [] },
};
const { status } = sampleReport;
const stopped = {
  step: 'stop-application',
  inForce: 'application stopped',
  since: '2026-01-01T00:00:00.000Z',
};

describe('the rules of chaos', () => {
  it('are not broken by a run that did what it reports', async () => {
    expect(await violations(rejected, 0)).toEqual([]);
  });

  it.each<readonly [string, Partial<Aftermath>, RegExp]>([
    [
      'another outcome than the declared one',
      { report: { ...sampleReport, outcome: 'left-changed' } },
      /the run ended as left-changed/,
    ],
    ['a cancellation that nobody asked for', { cancelled: true }, /cancelled in Temporal/],
    ['a restore that no step did', { effects: restores(1) }, /1 restores instead of 0/],
    [
      'a second restore',
      {
        effects: restores(2),
        report: {
          ...sampleReport,
          status: { ...status, steps: [{ ...sampleStep, id: 'restore-database' }] },
        },
      },
      /2 restores instead of 1/,
    ],
    [
      'an application that is down while nothing is said to be in force',
      { standing: () => Promise.resolve({ ...whole, health: 502 }) },
      /production stands as .*"health":502/,
    ],
    [
      'a measure that is reported and not in force',
      {
        report: {
          ...sampleReport,
          headline: 'In force: application stopped.',
          status: { ...status, measures: [stopped] },
        },
      },
      /production stands as .*reported is .*"health":502/,
    ],
    [
      'a measure that the headline hides',
      {
        report: { ...sampleReport, status: { ...status, measures: [stopped] } },
        standing: () => Promise.resolve({ ...whole, version: null, status: null, health: 502 }),
      },
      /the headline does not name application stopped/,
    ],
    ['a gate that led elsewhere than it said', { gateLedTo: 'somewhere' }, /the gate said "somewhere"/],
    [
      'a workflow task that failed',
      {
        history: {
          events: [{ workflowTaskFailedEventAttributes: { failure: { message: 'nondeterminism' } } }],
        },
      },
      /workflow tasks failed: nondeterminism/,
    ],
  ])('are broken by %s', async (_what, change, message) => {
    const broken = await violations({ ...rejected, ...change }, 0);
    expect(broken).toContainEqual(expect.stringMatching(message));
  });
});
