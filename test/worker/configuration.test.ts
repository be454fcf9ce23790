import { describe, expect, test } from 'vitest';
import { DrError } from '../../activities/errors.ts';
import { readConfiguration, secretsOf } from '../../worker/configuration.ts';

const environment = {
  DATABASE_URL: 'postgresql://operator:p%40ssw%2Frd@db.example.com:5432/vendhub',
  SUPABASE_ACCESS_TOKEN: 'sbp_0123456789abcdef',
  SUPABASE_PROJECT_REF: 'abcdefghijklmnopqrst',
  RAILWAY_TOKEN: 'railway-secret-token',
  RAILWAY_PROJECT_ID: 'project',
  RAILWAY_ENVIRONMENT_ID: 'environment',
  RAILWAY_SERVICE_ID: 'service',
  APPLICATION_HEALTH_URL: 'https://vendhub.example.com/health',
  S3_ENDPOINT: 'https://s3.example.com',
  S3_BUCKET: 'vendhub-dr',
  S3_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  S3_SECRET_ACCESS_KEY: 's3-secret-access-key',
  SMTP_URL: 'smtps://mailer:mail-password@smtp.example.com',
  MAIL_FROM: 'VendHub recovery <dr@vendhub.example.com>',
};

function problems(given: NodeJS.ProcessEnv): DrError {
  try {
    readConfiguration(given);
  } catch (error) {
    if (error instanceof DrError) return error;
    throw error;
  }
  throw new Error('It was taken for right.');
}

describe('the configuration', () => {
  test('listens for alerts only with a secret that is long enough', () => {
    const port = { MONITOR_WEBHOOK_PORT: '8090' };
    const MONITOR_WEBHOOK_SECRET = 'known to both sides';
    expect(readConfiguration({ ...environment, ...port, MONITOR_WEBHOOK_SECRET })).toMatchObject({
      MONITOR_WEBHOOK_PORT: 8090,
      MONITOR_WEBHOOK_SECRET,
    });
    expect(() => readConfiguration({ ...environment, ...port })).toThrow(
      'MONITOR_WEBHOOK_SECRET: is needed where MONITOR_WEBHOOK_PORT is set; it is not set',
    );
    expect(() => readConfiguration({ ...environment, ...port, MONITOR_WEBHOOK_SECRET: 'short' })).toThrow(
      'MONITOR_WEBHOOK_SECRET: expected 16 characters or more; its value is not shown',
    );
  });

  test('is read with defaults for what is the same everywhere', () => {
    expect(readConfiguration({ ...environment, UNRELATED: 'x' })).toEqual({
      ...environment,
      DR_ENVIRONMENT: 'production',
      BACKUP_FOLDER: 'backups',
      S3_SECOND_REGION: 'us-east-1',
      SUPABASE_STORAGE_S3_REGION: 'us-east-1',
      APPLICATION_CONFIGURATION_FILE: '.env.production',
      SUPABASE_API_URL: 'https://api.supabase.com',
      RAILWAY_API_URL: 'https://backboard.railway.com/graphql/v2',
      MONITOR_WEBHOOK_HOST: '127.0.0.1',
      RAILWAY_TOKEN_KIND: 'project',
      S3_REGION: 'us-east-1',
    });
  });

  test('names every problem at once: what was expected and what was given', () => {
    const { S3_BUCKET: _missing, ...rest } = environment;
    const error = problems({
      ...rest,
      APPLICATION_HEALTH_URL: 'vendhub.example.com',
      SUPABASE_PROJECT_REF: 'ABC',
      RAILWAY_TOKEN_KIND: 'cookie',
      RAILWAY_SERVICE_ID: ' ',
      MAIL_FROM: 'nobody',
    });
    expect(error.type).toBe('configuration-invalid');
    expect(error.explanation.happened.split('\n').map((line) => line.trim())).toEqual([
      'The configuration has 6 problems:',
      'SUPABASE_PROJECT_REF: expected 20 lower-case letters; given was "ABC"',
      'RAILWAY_TOKEN_KIND: expected bearer or project; given was "cookie"',
      'RAILWAY_SERVICE_ID: expected some text; it is empty',
      'APPLICATION_HEALTH_URL: expected a URL beginning with http:// or https://; given was "vendhub.example.com"',
      'S3_BUCKET: is needed; it is not set',
      'MAIL_FROM: expected a sender with an address; given was "nobody"',
      '',
    ]);
  });

  test('names every variable that is needed when none is set', () => {
    const { happened } = problems({}).explanation;
    for (const name of Object.keys(environment))
      expect(happened).toContain(`${name}: is needed; it is not set`);
  });

  test('never shows the value of a secret, however wrong', () => {
    const error = problems({
      ...environment,
      DATABASE_URL: 'mysql://operator:leaked-1@db',
      SMTP_URL: 'leaked-2',
      SUPABASE_ACCESS_TOKEN: '',
    });
    expect(error.message).not.toMatch(/leaked/);
    expect(error.message).toContain(
      'DATABASE_URL: expected a URL beginning with postgres:// or postgresql://; its value is not shown (28 characters)',
    );
    expect(error.message).toContain('SUPABASE_ACCESS_TOKEN: expected some text; it is empty');
  });
});

describe('the secrets of a configuration', () => {
  test('are every secret value and the passwords inside of URLs, as written and as meant, longest first', () => {
    const secrets = secretsOf(readConfiguration(environment));
    expect(new Set(secrets)).toEqual(
      new Set([
        environment.DATABASE_URL,
        'p%40ssw%2Frd',
        'p@ssw/rd',
        environment.SUPABASE_ACCESS_TOKEN,
        environment.RAILWAY_TOKEN,
        environment.S3_ACCESS_KEY_ID,
        environment.S3_SECRET_ACCESS_KEY,
        environment.SMTP_URL,
        'mail-password',
      ]),
    );
    const lengths = secrets.map(({ length }) => length);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
  });

  test('hold no text so short that hiding it would tear words apart, and none that is empty', () => {
    const secrets = secretsOf(
      readConfiguration({ ...environment, SMTP_URL: 'smtp://localhost:25', RAILWAY_TOKEN: 'abc' }),
    );
    expect(secrets).not.toContain('');
    expect(secrets).not.toContain('abc');
  });

  test('are found also where a password holds a percent sign that encodes nothing', () => {
    const secrets = secretsOf(
      readConfiguration({ ...environment, DATABASE_URL: 'postgres://operator:100%sure@db/vendhub' }),
    );
    expect(secrets).toContain('100%sure');
  });
});
