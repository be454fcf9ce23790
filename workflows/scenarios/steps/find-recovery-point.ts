import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { utcSecond } from '../../runbook/format.ts';
import { check } from '../../runbook/runbook.ts';
import { otherRoads } from './other-roads.ts';
import { lossInOneLine, surveyLoss } from './survey-loss.ts';

/** Finds the provider's restore window and, in it, the second to go back to. */
export const findRecoveryPoint = check({
  id: 'find-recovery-point',
  title: 'Find the restore window and the recovery point',
  phase: 'checking',
  validatesInput: () => true,
  run: async ({ target, policy, scenario }) => {
    if (target === null) {
      throw runbookFailure('input-invalid', {
        happened: 'No target was given.',
        meaning: 'There is nothing to restore to.',
        next: 'Start again with --at or --just-before.',
      });
    }
    const recoveryPoint = await activities.restore.findRecoveryPoint({
      target,
      rpoMs: policy.objectives[scenario].rpoMs,
      providerLagMs: policy.restore.providerLagMs,
    });
    return { recoveryPoint };
  },
  summary: (context) => {
    const { targetUnix, window } = context.fact('recoveryPoint');
    return `${utcSecond(targetUnix)}; possible are ${utcSecond(window.earliestUnix)} to ${utcSecond(window.latestUnix)}`;
  },
  waysOn: (failure, context) => otherRoads(failure, context, context.target),
});

/** Estimates per table what going back would discard and bring back, while the application still writes. */
export const estimateLoss = check({
  id: 'estimate-loss',
  title: 'Estimate what a restore discards and brings back',
  phase: 'checking',
  skippable: 'the plan is made without an estimate; the final counts are taken later',
  run: async ({ policy, environment, fact }) => ({
    estimate: await surveyLoss(policy, environment, fact('recoveryPoint').targetUnix),
  }),
  summary: (context) => lossInOneLine(context.fact('estimate').tables),
});
