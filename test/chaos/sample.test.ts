import { describe, expect, it } from 'vitest';
import { runbooks } from '../../workflows/scenarios/index.ts';
import { type ChaosCase, gateEnds } from './case.ts';
import { allCases } from './cases/index.ts';
import { runCases } from './run-cases.ts';

const sampled: Partial<Record<ChaosCase['scenario'], readonly string[]>> = {
  'data-loss': [
    'killed while the restore request is in flight, which then takes effect',
    'frozen while the restore request is in flight, and woken after another took over',
  ],
  'security-breach': ['killed while create-api-key is in flight, which then takes effect'],
  'complete-failure': ['cancel at the gate of switch-over', 'killed when the switch-over is asked for'],
};

describe('the matrix of chaos', () => {
  it('has a kill and a freeze at each step of each scenario, and every end of each gate', () => {
    const has = (fits: (chaosCase: ChaosCase) => boolean) => allCases.some(fits);
    const missing = Object.values(runbooks).flatMap(({ scenario, steps }) =>
      steps.flatMap(({ id, kind }) => [
        ...(['killed', 'frozen'] as const).filter(
          (blow) => !has((it) => it.scenario === scenario && it.name.startsWith(`${blow} on entering ${id}`)),
        ),
        ...(kind === 'destructive' ? gateEnds : []).filter(
          (end) => !has((it) => it.scenario === scenario && it.step === id && it.gateEnd === end),
        ),
      ]),
    );
    expect(missing).toEqual([]);
  });

  for (const [scenario, names] of Object.entries(sampled)) {
    it(`holds in a sample of ${scenario}: nothing happens twice, and production stands as reported`, async () => {
      const cases = allCases.filter((it) => it.scenario === scenario && names.includes(it.name));
      const results = new Map<string, readonly string[]>();
      for await (const { name, violations } of runCases(cases)) results.set(name, violations);
      expect(results).toEqual(new Map(names.map((name) => [name, []])));
    }, 1_800_000);
  }
});
