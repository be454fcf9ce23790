import { activities } from '../../runbook/activities.ts';
import { duration, plural, utc } from '../../runbook/format.ts';
import { action, check } from '../../runbook/runbook.ts';

/** Keeps new versions from being deployed in the middle of a recovery. */
export const pauseDeployments = action({
  id: 'pause-deployments',
  title: 'Pause deployments',
  phase: 'preparing',
  undo: {
    inForce: 'deployments paused',
    title: 'Resume deployments',
    prepare: async () => ({ applicationBefore: await activities.applicationReads.readApplicationState() }),
    run: async ({ fact }) => {
      await activities.application.resumeDeployments({
        enabled: fact('applicationBefore').autoDeployEnabled,
      });
    },
  },
  run: async () => {
    await activities.application.pauseDeployments();
    return {};
  },
  summary: ({ fact }) =>
    fact('applicationBefore').autoDeployEnabled ? 'automatic deployments are off' : 'they were off already',
});

/** Stops the application; it is started again only on verified data. */
export const stopApplication = action({
  id: 'stop-application',
  title: 'Stop the application',
  phase: 'preparing',
  undo: {
    inForce: 'application stopped',
    title: 'Start the application as it was found',
    run: async ({ fact, policy }) => {
      const { deploymentId, running } = fact('applicationBefore');
      if (deploymentId === null || !running) return;
      await activities.application.startApplication({ deploymentId, deadlineMs: policy.health.deadlineMs });
    },
  },
  run: async () => {
    await activities.application.stopApplication();
    return {};
  },
  summary: ({ fact }) => {
    const { deploymentId, running } = fact('applicationBefore');
    return deploymentId === null || !running ? 'it was not running' : `deployment ${deploymentId} is stopped`;
  },
});

/** Shuts everybody but the operator out, from outside the database, so that a rewind does not open it again. */
export const fenceDatabase = action({
  id: 'fence-database',
  title: 'Fence the database',
  phase: 'preparing',
  undo: {
    inForce: 'database fenced: only the operator may connect',
    title: 'Lower the fence',
    prepare: async () => {
      const { allowedCidrs } = await activities.restore.readNetworkRestrictions();
      return { cidrsBefore: allowedCidrs };
    },
    run: async ({ fact }) => {
      await activities.restore.lowerFence({ allowedCidrs: fact('cidrsBefore') });
    },
  },
  run: async ({ policy, fact }) => {
    const { operatorCidrs, openRoads } = policy.fence;
    const raised = await activities.restore.raiseFence({ operatorCidrs, openRoads });
    return { fence: { ...raised, previousCidrs: fact('cidrsBefore') } };
  },
  summary: ({ fact }) => {
    const { allowedCidrs, endedSessions, openRoads } = fact('fence');
    return `only ${allowedCidrs.join(', ')} may connect; ended ${plural(endedSessions, 'session', 'sessions')}; still open: ${openRoads.join('; ') || 'nothing known'}`;
  },
});

/** Proves that nobody writes any more. */
export const proveSilence = check({
  id: 'prove-silence',
  title: 'Prove that nobody writes',
  phase: 'preparing',
  skippable: 'somebody may still write: what they write is lost, and no count of the loss is final',
  run: async ({ policy }) => {
    const { quietMs, deadlineMs } = policy.fence;
    return { silence: await activities.database.proveSilence({ quietMs, deadlineMs }) };
  },
  summary: ({ fact }) => {
    const { quietMs, from, nextTransactionId, ownMarkers } = fact('silence');
    const own =
      ownMarkers === undefined
        ? ''
        : `; before that our own recovery marker was written ${plural(ownMarkers, 'time', 'times')}`;
    return `no transaction for ${duration(quietMs)} since ${utc(from)}; next transaction id ${nextTransactionId}${own}`;
  },
});
