import { describe, expect, test } from 'vitest';
import { scenarioWorkflows } from '../../../workflows/contracts/names.ts';
import * as workflows from '../../../workflows/index.ts';
import { runbooks } from '../../../workflows/scenarios/index.ts';

describe.each(Object.entries(runbooks))('the runbook of %s', (scenario, runbook) => {
  const { steps } = runbook;
  const position = (id: string) => steps.findIndex((step) => step.id === id);
  const actions = steps.flatMap((step) => (step.kind === 'action' ? [step] : []));

  test('is run by a registered workflow and says of itself which scenario it is', () => {
    const types: Readonly<Record<string, string>> = scenarioWorkflows;
    expect(Object.keys(workflows)).toContain(types[scenario]);
    expect(runbook.scenario).toBe(scenario);
  });

  test('names each step once', () => {
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    for (const { id, title } of steps) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title).toMatch(/^[A-Z]/);
    }
  });

  test('has a check that tells of its input, which is asked before a start', () => {
    const validating = steps.filter((step) => step.kind === 'check' && step.validatesInput !== undefined);
    expect(validating.length).toBeGreaterThan(0);
  });

  test('takes back every measure by the time it ends, or leaves it for good, each after it was taken', () => {
    const released = new Map(
      steps.flatMap((step) =>
        step.kind === 'action' || step.kind === 'destructive'
          ? (step.releases ?? []).map((measure) => [measure, position(step.id)] as const)
          : [],
      ),
    );
    const taken = actions.flatMap(({ id, undo }) => (undo === null ? [] : [id]));
    expect([...released.keys()].sort()).toEqual([...taken].sort());
    for (const id of taken) expect(released.get(id)).toBeGreaterThan(position(id));
  });

  const restores = position('restore-database') >= 0;

  test.runIf(restores)('lets nobody skip the verification, and nobody write before it', () => {
    const verification = steps.find(({ id }) => id === 'verify-data');
    const resumed = steps.findIndex((step) => step.kind === 'action' && step.resumesWriters === true);
    expect(verification).not.toHaveProperty('skippable');
    expect(position('verify-data')).toBeGreaterThan(position('restore-database'));
    expect(resumed).toBeGreaterThan(position('verify-data'));
  });

  test.runIf(restores)('destroys nothing before writers are proved silent and a safety copy is made', () => {
    for (const before of ['fence-database', 'prove-silence', 'take-safety-copy', 'count-final-loss']) {
      expect(position(before)).toBeGreaterThanOrEqual(0);
      expect(position(before)).toBeLessThan(position('restore-database'));
    }
  });

  test('says in every skippable step what going on without it means', () => {
    for (const step of steps) {
      if (step.kind !== 'destructive' && 'skippable' in step) expect(step.skippable).toMatch(/\w+ \w+/);
    }
  });
});
