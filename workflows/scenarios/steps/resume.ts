import { activities } from '../../runbook/activities.ts';
import { duration, plural, utc } from '../../runbook/format.ts';
import { action, check } from '../../runbook/runbook.ts';
import { surveyLoss } from './survey-loss.ts';

/** Lets the application in again, on verified data. */
export const lowerFence = action({
  id: 'lower-fence',
  title: 'Lower the fence',
  phase: 'resuming',
  undo: null,
  resumesWriters: true,
  releases: ['fence-database'],
  run: async ({ fact }) => {
    await activities.restore.lowerFence({ allowedCidrs: fact('cidrsBefore') });
    return {};
  },
  summary: ({ fact }) => `${fact('cidrsBefore').join(', ')} may connect again`,
});

/** Starts the application anew: a process from before the rewind may hold what is no longer true. */
export const startApplication = action({
  id: 'start-application',
  title: 'Start the application',
  phase: 'resuming',
  expected: (policy) => policy.expected.redeploy,
  when: ({ facts }) => facts.applicationBefore?.deploymentId !== null,
  undo: null,
  resumesWriters: true,
  releases: ['stop-application'],
  run: async ({ fact, policy }) => {
    const { deploymentId } = fact('applicationBefore');
    if (deploymentId === null) return {};
    const started = await activities.application.startApplication({
      deploymentId,
      deadlineMs: policy.health.deadlineMs,
    });
    return { startedDeployment: started.deploymentId };
  },
  summary: ({ fact }) => `deployment ${fact('startedDeployment')} is running`,
});

/** Watches the application stay healthy, without a failed probe, before it counts as recovered. */
export const watchHealth = check({
  id: 'watch-health',
  title: 'Probe health and watch it stay healthy',
  phase: 'resuming',
  watchesMs: (policy) => policy.health.watchMs,
  skippable: 'nobody has seen the application healthy: the recovery time stays unknown',
  run: async ({ policy }) => {
    const { watchMs, probeEveryMs, deadlineMs } = policy.health;
    return { health: await activities.application.watchHealth({ watchMs, probeEveryMs, deadlineMs }) };
  },
  summary: ({ fact }) => {
    const { healthySince, watchedMs, probes } = fact('health');
    return `healthy since ${utc(healthySince)}, ${probes} probes in ${duration(watchedMs)} without a failure`;
  },
});

/** Lets new versions be deployed again, if they were before. */
export const resumeDeployments = action({
  id: 'resume-deployments',
  title: 'Resume deployments',
  phase: 'resuming',
  undo: null,
  releases: ['pause-deployments'],
  skippable: 'automatic deployments stay off, as the report will say',
  run: async ({ fact }) => {
    await activities.application.resumeDeployments({ enabled: fact('applicationBefore').autoDeployEnabled });
    return {};
  },
  summary: ({ fact }) =>
    fact('applicationBefore').autoDeployEnabled ? 'automatic deployments are on' : 'they stay off, as before',
});

/** Counts the recovered database, so that the next recovery knows what to expect. */
export const recordBaseline = check({
  id: 'record-baseline',
  title: 'Count the recovered database as a baseline for later',
  phase: 'resuming',
  skippable: 'the next recovery cannot tell how many rows it brings back',
  run: async ({ policy, environment, fact }) => {
    const survey = await surveyLoss(policy, environment, fact('recoveryPoint').targetUnix, {
      settledUpToBytes: policy.monitor.largestReadTable,
    });
    await activities.evidence.recordBaseline({ environment, survey });
    return { baseline: survey };
  },
  summary: ({ fact }) => {
    const { tables, surveyedAt } = fact('baseline');
    const rows = tables.reduce((sum, { present }) => sum + present, 0);
    return `${plural(rows, 'row', 'rows')} in ${plural(tables.length, 'table', 'tables')} at ${utc(surveyedAt)}`;
  },
});
