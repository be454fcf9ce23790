import type { CrashCause } from '../../contracts/crash.ts';
import { activities } from '../../runbook/activities.ts';
import { type ExplainedFailure, runbookFailure } from '../../runbook/failure.ts';
import {
  check,
  type FactsPatch,
  type HandOver,
  type StepContext,
  type WaysOn,
} from '../../runbook/runbook.ts';
import { rebuildElsewhere } from './rebuild-elsewhere.ts';

/** So many probes tell an outage from a lost packet. */
const outageProbes = 3;
const longestPauseMs = 1_000;

const shownLines = 3;

/** Reads which deployment has the application; the platform must answer for anything else to be done. */
export const findApplication = check({
  id: 'find-application',
  title: 'Find the deployment that has the application',
  phase: 'checking',
  validatesInput: () => true,
  run: async ({ inputOnly, policy }) => {
    if (!inputOnly) await activities.crash.awaitDeployment({ deadlineMs: policy.crash.restartDeadlineMs });
    return {
      applicationBefore: await activities.applicationReads.readApplicationState(),
      variableKeeping: await activities.crashReads.checkVariableKeeping(),
    };
  },
  summary: ({ fact }) => {
    const { deploymentId, deploymentStatus } = fact('applicationBefore');
    const found =
      deploymentId === null ? 'there is none that ran' : `deployment ${deploymentId} is ${deploymentStatus}`;
    const { possible, why } = fact('variableKeeping');
    return possible
      ? found
      : `${found}; VARIABLES CANNOT BE KEPT over a rollback, so none goes by itself: ${why}`;
  },
});

/** Is it really down? Nothing is restarted that works. */
export const confirmOutage = check({
  id: 'confirm-outage',
  title: 'Probe health: is the application really down?',
  phase: 'checking',
  run: async ({ policy }) => ({
    outage: await activities.crashReads.confirmOutage({
      probes: outageProbes,
      probeEveryMs: Math.min(policy.health.probeEveryMs, longestPauseMs),
    }),
  }),
  summary: ({ fact }) => {
    const { down, probes, failed, answer } = fact('outage');
    return down
      ? `down: ${failed} of ${probes} probes failed; ${answer}`
      : `it is healthy: ${probes} of ${probes} probes; ${answer}`;
  },
});

/** Reads the logs and names the cause, with the lines that show it. */
export const nameCause = check({
  id: 'name-cause',
  title: 'Read the logs and name the cause',
  phase: 'checking',
  when: ({ facts }) => facts.outage?.down === true,
  skippable: 'nobody knows the cause: the application is restarted, and rolled back if that does not help',
  run: (context) => nameReachableCause(context, null),
  waysOn: databaseOutOfReach,
  summary: ({ fact }) => causeInOneLine(fact('crashCause')),
  handsOver: toDatabase,
});

/** Restarts did not help: what was written since then may tell more. */
export const nameCauseAgain = check({
  id: 'name-cause-again',
  title: 'Read the logs since the restarts and name what outlived them',
  phase: 'checking',
  when: ({ facts }) => facts.restarts?.healed === false,
  skippable: 'the application is rolled back by what was known before the restarts',
  run: (context) => nameReachableCause(context, context.fact('restarts').failures[0]?.at ?? null),
  waysOn: databaseOutOfReach,
  summary: ({ fact }) => causeInOneLine(fact('crashCause')),
  handsOver: toDatabase,
});

/** The cause in one line, with the newest lines that show it; what only surrounds them is left out. */
export function causeInOneLine({ kind, found, lines }: CrashCause): string {
  const telling = lines.filter((line) => !/ {4}at |^\S+ probe /.test(line));
  const shown = (telling.length > 0 ? telling : lines).slice(-shownLines);
  return `${kind}: ${found}${shown.length === 0 ? '' : ` Shown by: ${shown.join(' | ')}`}`;
}

function readCause({ policy }: StepContext, restartedAt: string | null): Promise<CrashCause> {
  return activities.crashReads.nameCause({
    databaseVariables: policy.applicationRoles.map(({ variable }) => variable),
    newDeploymentMs: policy.crash.newDeploymentMs,
    restartedAt,
  });
}

/**
 * A database that nobody reaches is no corrupt one, and nothing that is done to the application brings it back: a person
 * decides, told what its platform says.
 */
async function nameReachableCause(context: StepContext, restartedAt: string | null): Promise<FactsPatch> {
  const crashCause = await readCause(context, restartedAt);
  context.note({ crashCause });
  if (!isUnreachable(crashCause)) return { crashCause };
  const { database } = await activities.standby.assessProviders();
  throw runbookFailure('database-unreachable', {
    happened: `${causeInOneLine(crashCause)} Its platform ${database.found}.`,
    meaning:
      'Restarting or rolling back the application does not help, and nothing shows that stored data is damaged: it waits for its database.',
    next: database.usable
      ? 'The platform calls it healthy: look at its network restrictions, connection limit and pooler and at the connection string; then retry.'
      : 'Bring the database back at its platform (resume a paused project, wait for a restore or an upgrade, ask its support); then retry.',
  });
}

function isUnreachable({ kind, databaseLogin, onlyDatabaseCanBeMended }: CrashCause): boolean {
  return kind === 'database' && databaseLogin === 'unreachable' && onlyDatabaseCanBeMended;
}

async function databaseOutOfReach(failure: ExplainedFailure): Promise<WaysOn | null> {
  if (failure.type !== 'database-unreachable') return null;
  return rebuildElsewhere(null, `The database cannot be reached. ${failure.happened}`);
}

/** A database that answers and cannot read what it stored, or fails the application however often that is restarted. */
function toDatabase({ facts }: StepContext): HandOver | null {
  const cause = facts.crashCause;
  return cause?.onlyDatabaseCanBeMended === true && !isUnreachable(cause)
    ? {
        to: 'database-corruption',
        because: `The application fails because of its database. ${causeInOneLine(cause)}`,
      }
    : null;
}
