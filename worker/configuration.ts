import { z } from 'zod';
import { DrError } from '../activities/errors.ts';

const url = (protocols: readonly string[]) =>
  z.string().refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ''), {
    message: `expected a URL beginning with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
const http = url(['http:', 'https:']);
const text = z.string().trim().min(1, 'expected some text');

const schema = z
  .object({
    DR_ENVIRONMENT: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'expected letters, digits, - and _')
      .default('production'),
    DATABASE_URL: url(['postgres:', 'postgresql:']),
    SUPABASE_API_URL: http.default('https://api.supabase.com'),
    SUPABASE_ACCESS_TOKEN: text,
    SUPABASE_PROJECT_REF: z.string().regex(/^[a-z]{20}$/, 'expected 20 lower-case letters'),
    SUPABASE_PROJECT_URL: http.optional(),
    RAILWAY_API_URL: http.default('https://backboard.railway.com/graphql/v2'),
    RAILWAY_TOKEN: text,
    RAILWAY_TOKEN_KIND: z
      .enum(['bearer', 'project'], { error: 'expected bearer or project' })
      .default('project'),
    RAILWAY_PROJECT_ID: text,
    RAILWAY_ENVIRONMENT_ID: text,
    RAILWAY_SERVICE_ID: text,
    APPLICATION_HEALTH_URL: http,
    S3_ENDPOINT: http,
    S3_REGION: text.default('us-east-1'),
    S3_BUCKET: text,
    S3_ACCESS_KEY_ID: text,
    S3_SECRET_ACCESS_KEY: text,
    SMTP_URL: url(['smtp:', 'smtps:']),
    MAIL_FROM: z.string().regex(/@/, 'expected a sender with an address'),
    BACKUP_FOLDER: text.default('backups'),
    BACKUP_PASSPHRASE: text.optional(),
    BACKUP_PASSPHRASE_FILE: text.optional(),
    S3_SECOND_ENDPOINT: http.optional(),
    S3_SECOND_REGION: text.default('us-east-1'),
    S3_SECOND_BUCKET: text.optional(),
    S3_SECOND_ACCESS_KEY_ID: text.optional(),
    S3_SECOND_SECRET_ACCESS_KEY: text.optional(),
    SUPABASE_STORAGE_S3_ENDPOINT: http.optional(),
    SUPABASE_STORAGE_S3_REGION: text.default('us-east-1'),
    SUPABASE_STORAGE_S3_ACCESS_KEY_ID: text.optional(),
    SUPABASE_STORAGE_S3_SECRET_ACCESS_KEY: text.optional(),
    APPLICATION_CONFIGURATION_FILE: text.default('.env.production'),
    RESTORE_TEST_DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
    RESTORE_DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
    ALERT_WEBHOOK_URL: http.optional(),
    MONITOR_WEBHOOK_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    MONITOR_WEBHOOK_HOST: text.default('127.0.0.1'),
    MONITOR_WEBHOOK_SECRET: z.string().trim().min(16, 'expected 16 characters or more').optional(),
    STANDBY_DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
    STANDBY_START_COMMAND: text.optional(),
    STANDBY_STOP_COMMAND: text.optional(),
    STANDBY_HEALTH_URL: http.optional(),
    SWITCH_OVER_COMMAND: text.optional(),
    DRILL_PROJECT_REF: z
      .string()
      .regex(/^[a-z]{20}$/, 'expected 20 lower-case letters')
      .optional(),
    DRILL_FAULT_COMMAND_PAGES: text.optional(),
    DRILL_FAULT_COMMAND_PROCESS: text.optional(),
    DRILL_FAULT_COMMAND_DEPLOYMENT: text.optional(),
    DRILL_FAULT_COMMAND_EVERYTHING: text.optional(),
    DR_WORKFLOW_BUNDLE: text.optional(),
  })
  .refine(
    ({ MONITOR_WEBHOOK_PORT: port, MONITOR_WEBHOOK_SECRET: secret }) =>
      port === undefined || secret !== undefined,
    {
      path: ['MONITOR_WEBHOOK_SECRET'],
      error: 'is needed where MONITOR_WEBHOOK_PORT is set',
    },
  );

/** Everything that differs from one installation to the next. Holds secrets: never printed, never in a history. */
export type Configuration = z.infer<typeof schema>;

/** Variables whose value is a secret or holds one. */
const secretVariables = [
  'DATABASE_URL',
  'SUPABASE_ACCESS_TOKEN',
  'RAILWAY_TOKEN',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'SMTP_URL',
  'BACKUP_PASSPHRASE',
  'S3_SECOND_ACCESS_KEY_ID',
  'S3_SECOND_SECRET_ACCESS_KEY',
  'SUPABASE_STORAGE_S3_ACCESS_KEY_ID',
  'SUPABASE_STORAGE_S3_SECRET_ACCESS_KEY',
  'RESTORE_TEST_DATABASE_URL',
  'RESTORE_DATABASE_URL',
  'ALERT_WEBHOOK_URL',
  'MONITOR_WEBHOOK_SECRET',
  'STANDBY_DATABASE_URL',
  'STANDBY_START_COMMAND',
  'STANDBY_STOP_COMMAND',
  'SWITCH_OVER_COMMAND',
  'DRILL_FAULT_COMMAND_PAGES',
  'DRILL_FAULT_COMMAND_PROCESS',
  'DRILL_FAULT_COMMAND_DEPLOYMENT',
  'DRILL_FAULT_COMMAND_EVERYTHING',
] as const satisfies readonly (keyof Configuration)[];

/**
 * Reads the configuration from environment variables, once.
 *
 * @throws DrError `configuration-invalid`, naming every variable that is wrong at once: what was expected and what was
 *   given, without the value of a secret
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `  ${name}: ${expectation(environment[name], issue.message)}; ${given(name, environment[name])}`;
  });
  throw new DrError('configuration-invalid', {
    happened: `The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${problems.join('\n')}\n`,
    meaning: 'The worker did not start, so no recovery can run.',
    next: 'Set these in the environment or in .env (see .env.example), then start the worker again.',
  });
}

/** The values that must never leave the process, the passwords inside of URLs included; longest first. */
export function secretsOf(configuration: Configuration): string[] {
  const values = secretVariables.flatMap((name) => {
    const value = configuration[name] ?? '';
    const password = URL.parse(value)?.password ?? '';
    return [value, password, decoded(password)];
  });
  return [...new Set(values)].filter((value) => value.length >= 4).sort((a, b) => b.length - a.length);
}

/** A percent sign that encodes nothing stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function expectation(value: string | undefined, message: string): string {
  return value === undefined && message.startsWith('Invalid input') ? 'is needed' : message;
}

function given(name: string, value: string | undefined): string {
  if (value === undefined) return 'it is not set';
  if (value.trim() === '') return 'it is empty';
  return secretVariables.some((secret) => secret === name)
    ? `its value is not shown (${value.length} characters)`
    : `given was "${value}"`;
}
