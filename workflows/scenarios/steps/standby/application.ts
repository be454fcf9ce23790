import { activities } from '../../../runbook/activities.ts';
import { duration, plural, utc } from '../../../runbook/format.ts';
import { action, check } from '../../../runbook/runbook.ts';
import { stolenVariables } from './credentials.ts';

/** Starts the application elsewhere, with production's own variables and the rebuilt database. */
export const startStandbyApplication = action({
  id: 'start-standby-application',
  title: 'Point a new application environment at it',
  phase: 'preparing',
  expected: (policy) => policy.expected.redeploy,
  undo: {
    inForce: 'standby application started',
    title: 'Stop the standby application',
    run: async () => {
      await activities.standby.stopStandbyApplication();
    },
  },
  run: async (context) => {
    const standbyVariables = await activities.standby.writeStandbyVariables({
      database: context.fact('standbyDatabase'),
      stolen: stolenVariables(context),
    });
    await activities.standby.startStandbyApplication();
    return { standbyVariables };
  },
  summary: ({ fact }) => {
    const { configuration, location, names, replaced, leftOut, notCompared } = fact('standbyVariables');
    const without = leftOut.length === 0 ? '' : `; WITHOUT ${leftOut.join(', ')}`;
    const unknown =
      notCompared === null
        ? ''
        : `; NOT held against exchanged secrets, old ones may be among them: ${notCompared}`;
    return `${plural(names.length, 'variable', 'variables')} of ${configuration} at ${location}; replaced: ${replaced.join(', ')}${without}${unknown}`;
  },
});

/** Nobody is sent to an application that does not work. */
export const watchStandbyHealth = check({
  id: 'watch-standby-health',
  title: 'Watch the standby application stay healthy',
  phase: 'verifying',
  run: async ({ policy }) => {
    const { watchMs, probeEveryMs, deadlineMs } = policy.health;
    return {
      standbyHealth: await activities.standby.watchStandbyHealth({ watchMs, probeEveryMs, deadlineMs }),
    };
  },
  summary: ({ fact }) => {
    const { healthySince, watchedMs, probes } = fact('standbyHealth');
    return `healthy since ${utc(healthySince)}, ${probes} probes in ${duration(watchedMs)} without a failure`;
  },
});
