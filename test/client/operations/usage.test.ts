import { describe, expect, it } from 'vitest';
import { terminal } from '../peer/terminal.ts';

const { dr } = terminal(null);

describe('bad input is refused before anything is asked of Temporal', () => {
  it('names every problem of a command at once', async () => {
    const { code, err } = await dr('backup', '--tier', 'weekly', '-e', 'Not A Name', '--as', 'NAME');
    expect(code).toBe(2);
    expect(err).toContain('--tier: expected daily or recent.');
    expect(err).toContain('--environment: expected lower-case letters');
    expect(err).toContain('--as: put your own name');
    expect(err).toContain('npx dr backup --help');
  });

  it.each([
    [['backup', 'validat'], 'There is no command "backup validat".'],
    [['schedules', 'aply'], 'There is no command "schedules aply".'],
    [['uploads'], 'It was not said what to do with the uploads.'],
    [['backup', '--tier', 'daily', 'validate'], 'validate has no option --tier.'],
  ])('refuses %j', async (words, told) => {
    const { code, err } = await dr(...words);
    expect(code).toBe(2);
    expect(err).toContain(told);
    const document: unknown = JSON.parse((await dr(...words, '--json')).out);
    expect(document).toMatchObject({ exitCode: 2, error: { happened: told } });
  });

  it.each([
    [['backup', '--format', 'sql', '--tier', 'daily'], '--tier: a SQL dump has none'],
    [['backup', '--format', 'xml'], '--format: expected json or sql.'],
    [['backup', 'list', '--limit', '0'], '--limit: expected a whole number'],
    [['backup', 'restore', '--into', 'RESTORE_DATABASE_URL'], 'Name a backup'],
    [['backup', 'restore', 'a.json', '--newest', '--into', 'RESTORE_DATABASE_URL'], '--newest: leave it out'],
    [['backup', 'restore', 'a.json'], '--into: expected the name of a variable'],
    [
      ['backup', 'restore', 'a.json', '--into', 'X', '--database', 'u:secret-word@h/d'],
      '--database: expected the name of a database only.',
    ],
  ])('refuses %j, and shows no value that may be a secret', async (words, told) => {
    const { code, out, err } = await dr(...words);
    expect(code).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(told);
    expect(out + err).not.toContain('secret-word');
  });

  it('refuses places of uploads that are no names, and an option that means nothing without them', async () => {
    const wrong = await dr(
      'uploads',
      'sync',
      '--from',
      's3://key:secret@host',
      '--to',
      '../etc',
      '--as',
      'NAME',
    );
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('--from: expected the name of a place');
    expect(wrong.err).toContain('--to: expected the name of a place');
    expect(wrong.err).toContain('--as: put your own name');
    const alone = await dr('uploads', 'sync', '--replace-newer');
    expect(alone.code).toBe(2);
    expect(alone.err).toContain('--replace-newer: say --from and --to as well.');
  });

  it('takes options before the last word of a command as well', async () => {
    const { code, err } = await dr('backup', '-e', 'Not A Name', 'validate');
    expect(code).toBe(2);
    expect(err).toContain('--environment: expected lower-case letters');
  });
});

describe('help', () => {
  it.each([
    'backup',
    'backup validate',
    'backup test-restore',
    'backup retention',
    'backup configuration',
    'backup full-test',
    'uploads',
    'uploads sync',
    'schedules',
    'schedules apply',
    'checklist',
    'doctor',
    'review',
    'review start',
    'attest',
  ])('of %s has an example, the exit codes and 80 columns', async (command) => {
    const { code, out } = await dr(...command.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Example:\n  npx dr ${command}`);
    expect(out).toContain('Exit codes:');
    expect(out).toContain('--json');
    expect(out).toContain('--environment');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
