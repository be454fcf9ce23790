import { activities } from '../../runbook/activities.ts';
import { action } from '../../runbook/runbook.ts';

/** A rollback brings back the variables of its time, so those of now are kept first. */
export const keepVariables = action({
  id: 'keep-variables',
  title: 'Keep the variables as they are now, sealed',
  phase: 'preparing',
  undo: null,
  when: ({ facts }) => facts.goodDeployment?.by === 'rollback' && facts.goodDeployment.chosen !== null,
  skippable:
    'variables that were changed since the deployment that is gone back to are lost, rotated passwords too',
  run: async ({ keyPrefix }) => ({
    keptVariables: await activities.crash.keepVariables({ key: `${keyPrefix}/variables-before-rollback` }),
  }),
  summary: ({ fact }) => {
    const { key, variables } = fact('keptVariables');
    return `${key}: ${variables.map(({ name, mark }) => `${name} ${mark}`).join(', ')}`;
  },
});

/** The variables of now, not those that the rollback has brought: a rotated password would be the stolen one again. */
export const setVariablesAgain = action({
  id: 'set-variables-again',
  title: 'Set the variables again that the rollback has replaced',
  phase: 'resuming',
  undo: null,
  when: ({ facts }) => facts.wentBackTo !== undefined && facts.keptVariables !== undefined,
  skippable: 'the application runs with the variables of the older deployment, perhaps with old passwords',
  run: async ({ fact, facts, policy, note }) => {
    const names = await activities.crash.setVariablesAgain({
      key: fact('keptVariables').key,
      except: facts.crashCause?.variables ?? [],
    });
    const setAgain = [...new Set([...(facts.restoredVariables?.setAgain ?? []), ...names.setAgain])];
    // Noted before the deployment: a retry finds nothing left to set, and must deploy all the same.
    note({ restoredVariables: { ...names, setAgain, deploymentId: null } });
    if (setAgain.length === 0) return { restoredVariables: { ...names, deploymentId: null } };
    const { deploymentId } = fact('wentBackTo');
    const deployed = await activities.crash.deployOnce({
      deploymentId,
      by: 'redeploy',
      knownIds: [...fact('goodDeployment').knownIds, deploymentId],
      deadlineMs: policy.health.deadlineMs,
    });
    return { restoredVariables: { ...names, setAgain, deploymentId: deployed.deploymentId } };
  },
  summary: ({ fact }) => {
    const { setAgain, keptFromRollback, deploymentId } = fact('restoredVariables');
    const kept =
      keptFromRollback.length === 0
        ? ''
        : `; left as the rollback brought them: ${keptFromRollback.join(', ')}`;
    return setAgain.length === 0
      ? `none had to be set${kept}`
      : `set again: ${setAgain.join(', ')}, in force with deployment ${deploymentId ?? 'unknown'}${kept}`;
  },
});
