import { expect, test } from 'vitest';
import { answerCommands, temporalApprovalCommand } from '../../../workflows/runbook/commands.ts';
import { sampleGate, sampleStatus } from './sample-status.ts';

test('every answer has its command, an approval with the beginning of the digest', () => {
  expect(answerCommands(sampleGate, 'production')).toEqual([
    'npx dr approve --environment production --digest 0123456789ab --as NAME',
    'npx dr reject --environment production --reason "…" --as NAME',
    'npx dr replan --environment production --just-before TIME --reason "…" --as NAME',
    'npx dr abort --environment production --reason "…" --as NAME',
  ]);
  expect(answerCommands({ ...sampleGate, answers: ['retry', 'skip', 'confirm'] }, 'staging')).toEqual([
    'npx dr retry --environment staging --as NAME',
    'npx dr skip --environment staging --reason "…" --as NAME',
    'npx dr confirm --environment staging --reason "…" --as NAME',
  ]);
});

test('the approval without the dr command is one signal with everything that an approval must name', () => {
  const command = temporalApprovalCommand(sampleGate, sampleStatus);
  const [, payload] = command.match(/--input '(.*)'$/s) ?? [];
  expect(command).toMatch(/^temporal workflow signal --workflow-id recovery-production --name approve\b/);
  expect(JSON.parse(payload ?? '')).toEqual({
    by: 'NAME',
    decision: sampleGate.id,
    workflowId: 'recovery-production',
    runId: 'run-1',
    step: sampleGate.step,
    digest: sampleGate.digest,
  });
});
