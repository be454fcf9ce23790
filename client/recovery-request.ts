import type { RecoveryInput } from '../workflows/contracts/inputs.ts';
import {
  isRunnableScenario,
  type RunnableScenario,
  scenarioTargets,
  scenarioWorkflows,
} from '../workflows/contracts/names.ts';
import type { Invocation } from './command.ts';
import { stopOnProblems } from './command-stopped.ts';
import type { Configuration, Identity } from './configuration.ts';
import type { DrContext } from './context.ts';
import { echoMoment, type Moment } from './moment.ts';
import {
  type Options,
  optionsSchema,
  readIdentity,
  readMoment,
  readReason,
  readScope,
  readTarget,
  type Target,
} from './options.ts';

/** What a start or a plan was asked for, checked as far as it can be on this machine. */
export interface RecoveryRequest {
  readonly scenario: RunnableScenario;
  readonly input: RecoveryInput;
  /** Null where the scenario goes back to no moment, or finds it itself. */
  readonly target: Target | null;
  readonly incident: Moment | null;
  readonly identity: Identity;
  readonly configuration: Configuration;
  readonly options: Options;
}

/**
 * Checks what was typed for `start` or `plan`.
 *
 * @throws CommandStopped with exit code 2, naming every problem at once
 */
export function readRecoveryRequest(
  { args, options: typed }: Invocation,
  context: DrContext,
  command: 'start' | 'plan',
): RecoveryRequest {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const scenario = readScenario(args[0], problems);
  const { configuration, environment } = readScope(options, context, problems);
  const identity = readIdentity(options, configuration, problems);
  const reason = readReason(options, problems, 'say what was noticed; it is shown to whoever approves.');
  const now = context.now();
  const need = scenario === null ? 'optional' : scenarioTargets[scenario];
  const target = readTarget(options, need, now, problems);
  const incident =
    options.incidentAt === undefined ? null : readMoment(options.incidentAt, '--incident-at', now, problems);
  const { deployment, backup } = options;
  if (scenario !== null) problems.push(...foreignOptions(scenario, options));
  if (backup?.trim() === '') problems.push('--backup: name a backup; npx dr backup list shows them.');
  stopOnProblems(problems, command);
  if (scenario === null) throw new Error('A problem of the input was not reported.');
  const input: RecoveryInput = {
    environment,
    startedBy: identity.name,
    reason,
    incidentAt: incident?.text ?? null,
    target: target?.request ?? null,
    ...(deployment === undefined ? {} : { deploymentId: deployment }),
    ...(backup === undefined ? {} : { backup: { kind: 'named', name: backup.trim() } }),
    ...(options.credentialsStolen ? { credentialsStolen: true } : {}),
  };
  return { scenario, input, target, incident, identity, configuration, options };
}

/** Options that one scenario alone knows, and what to do at another. */
const ownOptions: readonly {
  readonly option: string;
  readonly of: RunnableScenario;
  readonly isGiven: (options: Options) => boolean;
  readonly elsewhere: (scenario: RunnableScenario) => string;
}[] = [
  {
    option: '--supersede',
    of: 'security-breach',
    isGiven: ({ supersede }) => supersede,
    elsewhere: () => 'only a security breach may end another recovery; abort that one by dr abort.',
  },
  {
    option: '--deployment',
    of: 'application-crash',
    isGiven: ({ deployment }) => deployment !== undefined,
    elsewhere: () => 'only application-crash goes to another deployment; leave it out.',
  },
  {
    option: '--backup',
    of: 'complete-failure',
    isGiven: ({ backup }) => backup !== undefined,
    elsewhere: () => 'only complete-failure rebuilds production from a backup; leave it out.',
  },
  {
    option: '--credentials-stolen',
    of: 'complete-failure',
    isGiven: ({ credentialsStolen }) => credentialsStolen,
    elsewhere: (scenario) =>
      scenario === 'security-breach'
        ? 'a security breach exchanges them anyway; leave it out.'
        : 'only complete-failure starts an application with new ones; where they were stolen, start security-breach; leave it out.',
  },
];

function foreignOptions(scenario: RunnableScenario, options: Options): string[] {
  return ownOptions
    .filter(({ of, isGiven }) => of !== scenario && isGiven(options))
    .map(({ option, elsewhere }) => `${option}: ${elsewhere(scenario)}`);
}

function readScenario(given: string | undefined, problems: string[]): RunnableScenario | null {
  if (given !== undefined && isRunnableScenario(given)) return given;
  const known = Object.keys(scenarioWorkflows).join(', ');
  problems.push(
    given === undefined
      ? `scenario: say which one; known are: ${known}.`
      : `scenario: "${given}" has no runbook; known are: ${known}.`,
  );
  return null;
}

/** Repeats the times so that a wrong hour is seen: UTC, local, and how long ago. */
export function echoRequest(
  { target, incident, identity, input: { deploymentId, backup, credentialsStolen } }: RecoveryRequest,
  now: Date,
): (readonly [string, string])[] {
  return [
    ...(target === null ? [] : [[goBackTo(target), echoMoment(target.moment.at, now)] as const]),
    ...(deploymentId === undefined ? [] : [['go to deployment', deploymentId] as const]),
    ...(backup?.kind === 'named' ? [['rebuild from', backup.name] as const] : []),
    ...(credentialsStolen ? [['credentials', credentialsWords] as const] : []),
    [
      'incident began',
      incident === null ? 'unknown: whether the RTO is met will not be known' : echoMoment(incident.at, now),
    ],
    ['by', `${identity.name} (${identity.source}; identity unverified)`],
  ];
}

const credentialsWords = 'stolen: exchanged, after an approval, before the standby application is started';

function goBackTo({ request }: Target): string {
  return request.kind === 'at' ? 'go back to' : 'go back to just before';
}
