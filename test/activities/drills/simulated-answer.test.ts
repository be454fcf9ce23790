import { describe, expect, it } from 'vitest';
import { simulatedAnswer } from '../../../activities/drills/simulated-answer.ts';
import type { OpenDecision } from '../../../workflows/contracts/decisions.ts';

const gate: OpenDecision = {
  id: 'restore-database-r1-q1',
  kind: 'approval',
  step: 'restore-database',
  stepTitle: 'Restore',
  question: 'Rewind?',
  facts: [],
  answers: ['approve', 'reject', 'replan', 'abort'],
  consequences: [],
  digest: 'd'.repeat(64),
  openedAt: '2026-01-05T14:00:00Z',
  expiresAt: null,
};
const as = { by: 'admin', drillId: 'drill-sandbox-1', workflowId: 'recovery-sandbox', runId: 'r' };

describe('a simulated answer', () => {
  it('approves exactly the plan that is asked about, and says in its reason that it is simulated', () => {
    expect(simulatedAnswer(gate, 1, as)).toEqual({
      kind: 'approve',
      answer: {
        ...{ by: 'admin', id: 'simulated-restore-database-r1-q1', decision: gate.id },
        ...{ workflowId: 'recovery-sandbox', runId: 'r', step: gate.step, digest: gate.digest },
        reason: expect.stringMatching(/^SIMULATED by drill-sandbox-1: /),
      },
    });
  });

  it('never sends a mail to users', () => {
    expect(simulatedAnswer({ ...gate, step: 'tell-users' }, 1, as)?.kind).toBe('reject');
  });

  it('tries a failed step twice more, then aborts', () => {
    const failed = { ...gate, kind: 'failed-step', answers: ['retry', 'skip', 'abort'] } as const;
    const kinds = [1, 2, 3].map((times) => simulatedAnswer(failed, times, as)?.kind);
    expect(kinds).toEqual(['retry', 'retry', 'abort']);
  });

  it('confirms what a person should do, and says that nobody did', () => {
    const manual = { ...gate, kind: 'manual-step', answers: ['confirm', 'abort'] } as const;
    const given = simulatedAnswer(manual, 1, as);
    expect(given?.kind).toBe('confirm');
    expect(given?.answer.reason).toContain('nobody did this');
  });

  it('leaves to a person what only evidence can answer', () => {
    const unproved = { ...gate, kind: 'restore-unproved', answers: ['confirm', 'reject'] } as const;
    expect(simulatedAnswer(unproved, 1, as)).toBeNull();
  });

  it('is none that was not asked for', () => {
    expect(simulatedAnswer({ ...gate, answers: ['reject', 'abort'] }, 1, as)).toBeNull();
  });
});
