import { describe, expect, test } from 'vitest';
import type { PlanInput } from '../../../workflows/contracts/inputs.ts';
import { runbookFailure } from '../../../workflows/runbook/failure.ts';
import { planRunbook } from '../../../workflows/runbook/plan.ts';
import { action, check, type Runbook, type StepContext } from '../../../workflows/runbook/runbook.ts';
import { sandboxPolicy } from '../../sandbox/policy.ts';

const input: PlanInput = {
  scenario: 'data-loss',
  checks: 'all',
  input: {
    environment: 'production',
    startedBy: 'oncall',
    reason: 'to see',
    incidentAt: null,
    target: { kind: 'at', moment: '2026-01-01T00:00:00Z' },
  },
};

function runbookOf(ran: string[], first: (context: StepContext) => void = () => {}): Runbook {
  const step = (id: string, validatesInput: boolean) =>
    check({
      id,
      title: id,
      phase: 'checking',
      validatesInput: () => validatesInput,
      run: async (context) => {
        ran.push(id);
        first(context);
        return {};
      },
      summary: () => `${id} found`,
    });
  const change = action({
    id: 'change',
    title: 'Change',
    phase: 'preparing',
    undo: { inForce: 'changed', title: 'Change back', run: async () => {} },
    run: async () => {
      ran.push('change');
      return {};
    },
    summary: () => 'changed',
  });
  return {
    scenario: 'data-loss',
    title: 'Data loss',
    safeState: { beforeDestruction: 'before', afterDestruction: 'after' },
    steps: [step('window', true), step('estimate', false), change, step('later', true)],
  };
}

describe('a plan', () => {
  test('runs the checks up to the first change, later ones only where they tell of the input, and describes the rest', async () => {
    const ran: string[] = [];
    const plan = await planRunbook(runbookOf(ran), input, sandboxPolicy);
    expect(ran).toEqual(['window', 'estimate', 'later']);
    expect(plan.steps.map(({ id, finding, undo }) => [id, finding, undo])).toEqual([
      ['window', 'window found', null],
      ['estimate', 'estimate found', null],
      ['change', null, 'Change back'],
      ['later', 'later found', null],
    ]);
    expect(plan).toMatchObject({ environment: 'production', recoveryPoint: null, survey: null });
  });

  test('expects of each step what it took here before, and foresees the end as if the run began now', async () => {
    const took = (ms: number) =>
      ({ minMs: ms, maxMs: 2 * ms, measured: { runs: 3, of: 'recoveries' } }) as const;
    const { steps, ...runbook } = runbookOf([]);
    const [window, estimate, ...rest] = steps.map((step) =>
      step.id === 'later' ? { ...step, watchesMs: () => 1_000 } : step,
    );
    const unneeded = estimate === undefined ? [] : [{ ...estimate, when: () => false }];
    const plan = await planRunbook(
      { ...runbook, steps: [...(window === undefined ? [] : [window]), ...unneeded, ...rest] },
      { ...input, input: { ...input.input, incidentAt: new Date().toISOString() } },
      {
        ...sandboxPolicy,
        expected: {
          ...sandboxPolicy.expected,
          steps: { window: took(2_000), estimate: took(500_000), later: took(5_000) },
        },
      },
    );
    expect(plan.steps.map(({ expected }) => expected)).toEqual([
      took(2_000),
      took(500_000),
      null,
      took(5_000),
    ]);
    const { rtoForecast } = plan;
    expect(rtoForecast).toMatchObject({ verdict: 'in-time', measuredSteps: 2, unknownSteps: ['Change'] });
    expect(Date.parse(rtoForecast?.deadlineAt ?? '') - Date.parse(rtoForecast?.answerBy ?? '')).toBe(6_000);
  });

  test('before a start runs only the checks of the input', async () => {
    const ran: string[] = [];
    await planRunbook(runbookOf(ran), { ...input, checks: 'input' }, sandboxPolicy);
    expect(ran).toEqual(['window', 'later']);
  });

  test.for<[string, (context: StepContext) => void]>([
    ['destroys', (context) => context.setDestroyed(true)],
    ['needs what nobody found', (context) => context.fact('armed')],
  ])('stops at a check that %s', async ([, first]) => {
    await expect(planRunbook(runbookOf([], first), input, sandboxPolicy)).rejects.toMatchObject({
      type: 'internal-error',
    });
  });

  test('lets a check record what it found, and tells of its failure with the other roads', async () => {
    const ran: string[] = [];
    const runbook = runbookOf(ran, (context) => {
      context.note({ standbyDatabase: 'found on the way' });
      throw runbookFailure('target-outside-window', {
        happened: 'Too early.',
        meaning: 'Gone.',
        next: 'Look.',
      });
    });
    const [first, ...rest] = runbook.steps;
    if (first === undefined) throw new Error('The runbook has no step.');
    const facts = [{ label: 'Road', value: 'another' }];
    const steps = [{ ...first, waysOn: async () => ({ facts, goesOver: null }) }, ...rest];
    await expect(planRunbook({ ...runbook, steps }, input, sandboxPolicy)).rejects.toMatchObject({
      type: 'target-outside-window',
      details: [{ happened: 'Too early.', meaning: 'Gone.', next: 'Look.' }, facts],
    });
    expect(ran).toEqual(['window']);
  });
});
