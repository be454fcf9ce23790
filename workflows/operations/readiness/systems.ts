import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { utc } from '../../runbook/format.ts';
import {
  attention,
  dr,
  type Examination,
  failed,
  judged,
  judgedReachable,
  ok,
  type ReadinessQuestion,
} from './examination.ts';

const group = 'beyond';

/** How far a clock may be off before people mistake one second for another, and before moments mean nothing, ms. */
const clockAttentionMs = 2_000;
const clockFailedMs = 30_000;

/** How much of a failure is shown, in characters; the checklist and the run tell more. */
const failureLength = 150;

/** Whether everything that a recovery must reach answers, and is as it needs it. */
export const systems: readonly ReadinessQuestion[] = [
  {
    group,
    item: 'Database reachable',
    judge: ({ facts }) =>
      judgedReachable(facts.database, ({ version, tookMs }) => ok(`PostgreSQL ${version}, in ${tookMs} ms`)),
  },
  {
    group,
    item: 'PostgreSQL programs fit the database',
    judge: ({ facts }) =>
      judged(facts.dumpVersion, (dump) =>
        judged(facts.database, ({ majorVersion }) =>
          dump >= majorVersion
            ? ok(`pg_dump ${dump}, database ${majorVersion}`)
            : failed(
                `pg_dump ${dump} refuses a database of version ${majorVersion}`,
                `Set DR_POSTGRES_BIN to the programs of PostgreSQL ${majorVersion} or newer; npm run toolbox shows what is found.`,
              ),
        ),
      ),
  },
  {
    group,
    item: 'Commit times are recorded',
    judge: ({ facts }) =>
      judged(facts.database, ({ trackCommitTimestamp }) =>
        trackCommitTimestamp
          ? ok('track_commit_timestamp is on: loss is counted exactly')
          : attention(
              'track_commit_timestamp is off: loss is counted by columns, or unknown',
              'Set track_commit_timestamp = on and restart the database, before it is needed; ask the provider if it does not let you.',
            ),
      ),
  },
  { group, item: 'The fence lets the worker in', judge: operatorAddress },
  {
    group,
    item: 'Clock of the database',
    judge: ({ facts }) =>
      judged(facts.database, ({ clockAheadMs, clockErrorMs }) => clock(clockAheadMs, clockErrorMs)),
  },
  {
    group,
    item: 'Clock of the provider',
    judge: ({ facts }) => judged(facts.providerClock, ({ aheadMs, errorMs }) => clock(aheadMs, errorMs)),
  },
  {
    group,
    item: 'Database platform answers',
    judge: ({ facts }) =>
      judgedReachable(facts.project, ({ provider, name, ref }) =>
        ok(`${provider}, project ${name} (${ref})`),
      ),
  },
  {
    group,
    item: 'Application platform answers',
    judge: ({ facts }) =>
      judgedReachable(facts.deployments, ({ active, listed }) => {
        if (active === null) {
          return failed(
            `no deployment has the application (${listed} listed)`,
            'Deploy it, and look at RAILWAY_SERVICE_ID and RAILWAY_ENVIRONMENT_ID.',
          );
        }
        const found = `the token works; deployment ${active.id} is ${active.rawStatus}`;
        return active.running
          ? ok(found)
          : failed(found, 'Start it in the platform’s dashboard, or deploy anew.');
      }),
  },
  {
    group,
    item: 'A deployment to roll back to',
    judge: ({ facts }) =>
      judged(facts.deployments, ({ rollbackTo }) =>
        rollbackTo === null
          ? failed(
              'none that can be rolled back to',
              'Deploy a good version once more, so that the one before it is kept; the platform removes old images.',
            )
          : ok(`${rollbackTo.id} of ${rollbackTo.createdAt.slice(0, 10)}`),
      ),
  },
  {
    group,
    item: 'Search attributes registered',
    judge: ({ facts }) =>
      judged(facts.orchestrator, ({ missingSearchAttributes: missing }) =>
        missing.length === 0
          ? ok('all')
          : failed(
              `missing: ${missing.join(', ')}`,
              `temporal operator search-attribute create ${missing.map((name) => `--name ${name} --type Keyword`).join(' ')}`,
            ),
      ),
  },
  {
    group,
    item: 'Workers',
    judge: ({ facts }) =>
      judged(facts.orchestrator, ({ workers }) =>
        workers > 1
          ? ok(`${workers} asked for work lately`)
          : attention(
              'one only: while it is down, nothing moves',
              'Start a second one elsewhere: npm run worker',
            ),
      ),
  },
  {
    group,
    item: 'Schedules as the policy says',
    judge: (examination) =>
      judged(examination.facts.schedules, (states) => {
        const missing = examination.policy.schedules.filter(
          ({ id }) => !states.some((state) => state.id === id),
        );
        const wrong = states.filter(({ asPolicy, paused }) => paused || !asPolicy);
        return missing.length + wrong.length === 0
          ? ok(`${states.length}, none paused`)
          : failed(
              [
                ...(missing.length === 0
                  ? []
                  : [`not in Temporal: ${missing.map(({ id }) => id).join(', ')}`]),
                ...wrong.map(({ id, paused }) => `${id} ${paused ? 'is paused' : 'differs from the policy'}`),
              ].join('; '),
              dr(examination, 'schedules apply'),
            );
      }),
  },
  {
    group,
    item: 'No operation fails now',
    judge: (examination) =>
      judged(examination.facts.incidents, (incidents) =>
        incidents.length === 0
          ? ok('none')
          : failed(
              incidents
                .map(
                  ({ operation, since, lastFailure }) =>
                    `${operation} since ${utc(`${since.slice(0, 16)}Z`)}: ${lastFailure.slice(0, failureLength)}`,
                )
                .join('; '),
              dr(examination, 'checklist'),
            ),
      ),
  },
];

/** What cannot be seen from here, such as the address behind a pooler, is said and not guessed. */
function operatorAddress({ facts, policy }: Examination): ReadinessAnswer {
  const todo =
    'Put the address that the worker goes out by (IPv4, and IPv6 if it has one) into fence.operatorCidrs of the policy.';
  const cidrs = policy.fence.operatorCidrs.join(', ');
  return judged(facts.database, ({ seenFrom, seenFromPrivate, amongOperators }) => {
    if (amongOperators === true)
      return ok(`the database sees it come from ${seenFrom}, which ${cidrs} holds`);
    if (seenFrom === null)
      return attention(`unknown: it comes by a local socket; operators are ${cidrs}`, todo);
    return seenFromPrivate
      ? attention(
          `unknown: the database sees ${seenFrom}, the address of a pooler or proxy; operators are ${cidrs}`,
          todo,
        )
      : failed(
          `the database sees it come from ${seenFrom}, which ${cidrs} does not hold: the fence would shut it out`,
          todo,
        );
  });
}

function clock(aheadMs: number, errorMs: number): ReadinessAnswer {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const off = Math.max(0, Math.abs(aheadMs) - errorMs);
  const found = `${seconds(Math.abs(aheadMs))} ${aheadMs < 0 ? 'behind' : 'ahead of'} the worker’s, give or take ${seconds(errorMs)}`;
  if (off <= clockAttentionMs) return ok(found);
  const todo = 'Set the clock of the worker’s machine by NTP: timedatectl set-ntp true';
  return off <= clockFailedMs ? attention(found, todo) : failed(found, todo);
}
