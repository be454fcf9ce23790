import type { CrashCause, DeploymentEvidence } from '../../../workflows/contracts/crash.ts';
import type { LogLine } from '../../ports.ts';
import { scrubSecrets } from '../scrub-secrets.ts';
import { type DatabaseAddress, type Symptom, type SymptomKind, symptomsIn } from './symptoms.ts';

/** Everything that tells of the cause. */
export interface CrashEvidence {
  readonly deployment: DeploymentEvidence | null;
  readonly status: 'running' | 'starting' | 'stopped' | 'crashed' | 'failed' | 'unknown' | null;
  /** What it wrote since it worked last, oldest first. */
  readonly lines: readonly LogLine[];
  readonly buildLines: readonly LogLine[];
  readonly databaseAddress: DatabaseAddress | null;
  readonly databaseLogin: CrashCause['databaseLogin'];
  /** Names of the variables that the service has now. */
  readonly variablesNow: readonly string[];
  /** A deployment that fails this soon after it was made is a bad one, ms. */
  readonly newDeploymentMs: number;
  /** Whether restarts were tried in vain. */
  readonly outlivedRestarts: boolean;
}

const longestLine = 300;
const mostLines = 8;
const stackLines = 3;

/** Names the cause by the evidence; what nothing shows is `unknown`, with the last lines. */
export function decideCause(evidence: CrashEvidence): CrashCause {
  const { deployment, databaseLogin, lines, outlivedRestarts } = evidence;
  const symptoms = symptomsIn(lines, evidence.databaseAddress);
  const last = (kind: SymptomKind) => symptoms.findLast((symptom) => symptom.kind === kind);
  const base = {
    lines: shown(symptoms, lines, () => false),
    variables: [],
    restartMayHelp: true,
    onlyDatabaseCanBeMended: false,
    databaseLogin,
    deployment,
  };
  const showing = (...kinds: SymptomKind[]) => shown(symptoms, lines, (kind) => kinds.includes(kind));

  if (evidence.status === 'failed') {
    return {
      ...base,
      kind: 'bad-deployment',
      found: `Deployment ${deployment?.id ?? ''} could not be built or started.`,
      lines: tail(evidence.buildLines.length > 0 ? evidence.buildLines : lines),
      restartMayHelp: false,
    };
  }
  if (last('out-of-memory') !== undefined) {
    return {
      ...base,
      kind: 'out-of-memory',
      found: 'The process used more memory than it may.',
      lines: showing('out-of-memory'),
    };
  }
  const missing = symptoms.filter(({ kind }) => kind === 'missing-variable');
  if (missing.length > 0)
    return { ...base, ...missingVariable(missing, evidence), lines: showing('missing-variable') };

  const damaged = last('damaged-database') !== undefined;
  const database = last('database');
  const exception = last('unhandled-exception');
  // The worker may not reach what the application reaches, so that alone proves nothing.
  const unreachable = databaseLogin === 'unreachable' && database !== undefined;
  const refused = databaseLogin === 'refused';
  const databaseCameLast = database !== undefined && database.index > (exception?.index ?? -1);
  if (damaged || refused || unreachable || databaseCameLast) {
    return {
      ...base,
      kind: 'database',
      found: damaged ? 'The database cannot read what it stored.' : databaseFound(databaseLogin),
      lines: damaged ? showing('damaged-database') : showing('database'),
      restartMayHelp: !damaged && !refused && !unreachable && !outlivedRestarts,
      onlyDatabaseCanBeMended: damaged || unreachable || (outlivedRestarts && !refused),
    };
  }
  return { ...base, ...ofItsOwn(exception, evidence, symptoms) };
}

function missingVariable(missing: readonly Symptom[], { variablesNow, outlivedRestarts }: CrashEvidence) {
  const variables = [...new Set(missing.flatMap((symptom) => symptom.variables))];
  const absent = variables.filter((variable) => !variablesNow.includes(variable));
  const many = variables.length > 1;
  return {
    kind: 'missing-variable',
    found: `The variable${many ? 's' : ''} ${variables.join(', ')} ${many ? 'are' : 'is'} missing or cannot be used; ${
      absent.length > 0
        ? `the service does not have ${absent.join(', ')}`
        : 'the service has a value now, perhaps since after this deployment was made'
    }.`,
    variables,
    restartMayHelp: absent.length === 0 && !outlivedRestarts,
  } as const;
}

function databaseFound(login: CrashCause['databaseLogin']): string {
  const found = {
    accepted: 'The application lost its database; a login with its own connection string works now.',
    refused: 'The database refuses the login of the application.',
    unreachable: 'The database cannot be reached with the connection string of the application.',
    untried: 'The application cannot work with its database.',
  } as const;
  return found[login ?? 'untried'];
}

/** The application's own fault: of a new deployment, or of one that ran. */
function ofItsOwn(
  exception: Symptom | undefined,
  { deployment, status, lines, newDeploymentMs, outlivedRestarts }: CrashEvidence,
  symptoms: readonly Symptom[],
): Pick<CrashCause, 'kind' | 'found' | 'lines' | 'restartMayHelp'> {
  const evidence =
    exception === undefined ? tail(lines) : shown(symptoms, lines, (kind) => kind === 'unhandled-exception');
  const failedAt = exception?.line.at ?? lines.at(-1)?.at;
  const age =
    deployment === null || failedAt === undefined
      ? null
      : Date.parse(failedAt) - Date.parse(deployment.createdAt);
  // Killed from outside, a new deployment is worth a restart like any other.
  const ended = exception !== undefined || (status === 'crashed' && outlivedRestarts);
  if (ended && age !== null && age < newDeploymentMs) {
    return {
      kind: 'bad-deployment',
      found: `It fails since it was deployed: ${Math.max(0, Math.round(age / 1_000))} s after deployment ${deployment?.id} was made.`,
      lines: evidence,
      // One that the platform still keeps running may have failed once only.
      restartMayHelp: status === 'running' && !outlivedRestarts,
    };
  }
  if (exception !== undefined) {
    return {
      kind: 'unhandled-exception',
      found: 'The process ended by an error that nothing in it handles.',
      lines: evidence,
      restartMayHelp: true,
    };
  }
  return {
    kind: 'unknown',
    found: `Nothing in the log names a cause; deployment ${deployment?.id ?? 'unknown'} is ${deployment?.status ?? 'unknown'}.`,
    lines: evidence,
    restartMayHelp: true,
  };
}

/** The newest fitting lines, each with the stack that follows it. */
function shown(
  symptoms: readonly Symptom[],
  lines: readonly LogLine[],
  fits: (kind: SymptomKind) => boolean,
): readonly string[] {
  const wanted = symptoms.filter(({ kind }) => fits(kind)).slice(-mostLines);
  const indexes = new Set(
    wanted.flatMap(({ index, kind }) => {
      if (kind !== 'unhandled-exception') return [index];
      const stack = lines
        .slice(index + 1, index + 1 + stackLines)
        .findIndex(({ message }) => !/^\s+at /.test(message));
      return Array.from({ length: 1 + (stack === -1 ? stackLines : stack) }, (_, offset) => index + offset);
    }),
  );
  return lines.flatMap((line, index) => (indexes.has(index) ? [printed(line)] : [])).slice(-mostLines);
}

function tail(lines: readonly LogLine[]): readonly string[] {
  return lines.slice(-mostLines).map(printed);
}

function printed({ at, severity, message }: LogLine): string {
  return `${at} ${severity} ${scrubSecrets(message).slice(0, longestLine)}`;
}
