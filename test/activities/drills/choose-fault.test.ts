import { describe, expect, it } from 'vitest';
import { chooseFault } from '../../../activities/drills/choose-fault.ts';
import { drill } from '../../../worker/drill.ts';
import { drillCommandVariables } from '../../../workflows/contracts/drill-faults.ts';
import type { RunnableScenario } from '../../../workflows/contracts/names.ts';

const commands = new Set<string>(drillCommandVariables);
const everything = new Set<string>([...drillCommandVariables, 'STANDBY_DATABASE_URL']);
const nothing = new Set<string>();
const open = { scenario: null, fault: null, surprise: false } as const;
const first = () => 0;

const chosen = (
  request: Partial<Parameters<typeof chooseFault>[2]>,
  configured: ReadonlySet<string> = everything,
  draw: (below: number) => number = first,
) => chooseFault(drill, configured, { ...open, ...request }, draw);

describe('the choice of a fault', () => {
  it('is the database failure of the procedure when nothing is asked for', () => {
    expect(chosen({}).scenario).toBe('database-corruption');
  });

  it('is the first of the scenario that can be made here', () => {
    expect(chosen({ scenario: 'application-crash' }).id).toBe('killed-process');
    expect(chosen({ scenario: 'application-crash' }, nothing).id).toBe('broken-variable');
  });

  it('is the one that was named', () => {
    expect(chosen({ fault: 'update-without-where' }).id).toBe('update-without-where');
  });

  it.each([
    ['a fault that there is not', { fault: 'flood' }],
    ['a fault of another scenario', { fault: 'deleted-rows', scenario: 'application-crash' }],
  ] as const)('refuses %s', (_what, request) => {
    expect(() => chosen(request)).toThrow('The drill was not begun');
  });

  it('refuses what cannot be made here, and says which variable is missing', () => {
    expect(() => chosen({ fault: 'damaged-pages' }, nothing)).toThrow('DRILL_FAULT_COMMAND_PAGES is not set');
    expect(() => chosen({}, nothing)).toThrow('DRILL_FAULT_COMMAND_PAGES is not set');
  });

  it('refuses to take everything away where there is no standby environment to rebuild it in', () => {
    const request = { scenario: 'complete-failure' } as const;
    expect(() => chosen(request, commands)).toThrow('STANDBY_DATABASE_URL is not set');
    expect(chosen(request).id).toBe('deleted-everything');
  });

  it('draws a scenario first and then one of its faults, so that no scenario is likelier for having more of them', () => {
    const drawn = new Set<string>();
    const scenarios = new Map<RunnableScenario, number>();
    for (let scenario = 0; scenario < 5; scenario += 1) {
      for (let fault = 0; fault < 6; fault += 1) {
        const draws = [scenario, fault];
        const made = chosen({ surprise: true }, everything, (below) => (draws.shift() ?? 0) % below);
        drawn.add(made.id);
        scenarios.set(made.scenario, (scenarios.get(made.scenario) ?? 0) + 1);
      }
    }
    expect([...drawn].sort()).toEqual(drill.faults.map(({ id }) => id).sort());
    expect([...scenarios.values()]).toEqual([6, 6, 6, 6, 6]);
  });

  it('draws only what can be made here', () => {
    for (let lot = 0; lot < 12; lot += 1) {
      const { by } = chosen({ surprise: true }, nothing, (below) => lot % below);
      expect(by.kind).not.toBe('command');
    }
  });
});
