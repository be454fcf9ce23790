import type { CrashCauseKind } from '../../../workflows/contracts/crash.ts';
import type { LogLine } from '../../ports.ts';

/** What one log line alone can show. */
export type SymptomKind = Exclude<CrashCauseKind, 'bad-deployment' | 'unknown'> | 'damaged-database';

/** A log line that shows a cause. */
export interface Symptom {
  readonly kind: SymptomKind;
  readonly line: LogLine;
  /** Where it stands in the log. */
  readonly index: number;
  /** Names of variables that it says are missing or cannot be used. */
  readonly variables: readonly string[];
}

/** Where the application's database listens, to know a refused connection to it from one to something else. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: string;
}

const name = '([A-Z][A-Z0-9]*_[A-Z0-9_]+|PORT)';

const unusableVariable: readonly RegExp[] = [
  new RegExp(
    `\\b${name}\\b["'\`]? (?:is|are|was) (?:missing|required|not set|not defined|undefined|empty|invalid)`,
    'g',
  ),
  new RegExp(`\\b${name}\\b["'\`]? must (?:be|have|start|contain)`, 'g'),
  new RegExp(`environment variables?(?: not found)?:? ["'\`]?${name}`, 'gi'),
  new RegExp(
    `(?:missing|required|undefined|unset)[^\\n]{0,30}\\b(?:variables?|env)\\b[^\\n]{0,10}?["'\`]?${name}`,
    'gi',
  ),
];

/** The first that fits decides: a process that ran out of memory also says "fatal error". */
const patterns: readonly (readonly [SymptomKind, readonly RegExp[]])[] = [
  [
    'out-of-memory',
    [
      /heap out of memory/i,
      /reached heap limit/i,
      /\bOOM[- ]?killed\b/i,
      /\bout of memory\b/i,
      /exceeded (?:its |the )?memory limit/i,
      /\bexit(?:ed)?(?: with)?(?: code)? 137\b/i,
    ],
  ],
  [
    'damaged-database',
    [
      /invalid page in block/i,
      /could not read blocks?/i,
      /page verification failed/i,
      /missing chunk number \d+ for toast value/i,
      /could not open file "(?:base|pg_)/i,
      /is not a btree\b/i,
    ],
  ],
  [
    'database',
    [
      /password authentication failed/i,
      /no pg_hba\.conf entry/i,
      /the database system is (?:starting up|shutting down|in recovery mode|not yet accepting)/i,
      /terminating connection due to/i,
      /connection terminated unexpectedly/i,
      /(?:too many clients already|remaining connection slots are reserved)/i,
      /timeout exceeded when trying to connect/i,
      /\bP10(?:00|01|02|03|08|17)\b/,
      /database "[^"]*" does not exist/i,
      /\bdatabase\b[^\n]*\b(?:unreachable|unavailable|E(?:CONNREFUSED|NOTFOUND|TIMEDOUT|HOSTUNREACH|AI_AGAIN)|timed? ?out)\b/i,
      /E(?:CONNREFUSED|NOTFOUND|TIMEDOUT|HOSTUNREACH)\b[^\n]*:(?:5432|6543)\b/,
    ],
  ],
  [
    'unhandled-exception',
    [
      /^(?:\w+: )?uncaught\b/i,
      /\bunhandled ?(?:promise ?)?rejection\b/i,
      /\buncaught ?exception\b/i,
      /^(?:[A-Z]\w*)?Error(?: \[[A-Z_]+\])?: /,
      /^panic: /,
      /^Traceback \(most recent call last\)/,
      /^\s*fatal\b/i,
      /Cannot find module /,
    ],
  ],
];

const connectionFailed = /\bE(?:CONNREFUSED|CONNRESET|NOTFOUND|TIMEDOUT|HOSTUNREACH|AI_AGAIN)\b/;

/**
 * Finds the lines that show why an application failed.
 *
 * @param lines oldest first
 * @param address null where it is not known
 */
export function symptomsIn(lines: readonly LogLine[], address: DatabaseAddress | null): Symptom[] {
  return lines.flatMap((line, index) => {
    const { message } = line;
    const variables = variablesIn(message);
    const kind = kindOf(message, variables.length > 0, address);
    return kind === undefined ? [] : [{ kind, line, index, variables }];
  });
}

function kindOf(
  message: string,
  namesVariables: boolean,
  address: DatabaseAddress | null,
): SymptomKind | undefined {
  if (namesVariables) return 'missing-variable';
  const found = patterns.find(([, fitting]) => fitting.some((pattern) => pattern.test(message)))?.[0];
  if (found !== undefined && found !== 'unhandled-exception') return found;
  return address !== null && connectionFailed.test(message) && names(message, address) ? 'database' : found;
}

function names(message: string, { host, port }: DatabaseAddress): boolean {
  return message.includes(`:${port}`) || message.includes(host);
}

function variablesIn(message: string): readonly string[] {
  // In program text such a name is a constant, not a variable of the environment.
  if (/\bReferenceError\b/.test(message)) return [];
  const found = unusableVariable.flatMap((pattern) =>
    [...message.matchAll(pattern)].flatMap(([, variable]) => (variable === undefined ? [] : [variable])),
  );
  return [...new Set(found)];
}
