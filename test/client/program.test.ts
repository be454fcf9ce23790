import { describe, expect, it } from 'vitest';
import { scenarioWorkflows } from '../../workflows/contracts/names.ts';
import { terminal } from './peer/terminal.ts';

const now = () => new Date('2025-11-29T03:30:00Z');
const { dr } = terminal(null, {}, now);
const reason = ['--reason', 'sales of today are gone'];
const target = ['--just-before', '2025-11-29T03:12:00Z'];

describe('bad input is refused before anything is asked of Temporal', () => {
  it('names an unknown scenario and lists the known ones', async () => {
    const { code, err } = await dr('start', 'data-los', ...target, ...reason);
    expect(code).toBe(2);
    expect(err).toContain('"data-los" has no runbook; known are: ');
    for (const known of Object.keys(scenarioWorkflows)) expect(err).toContain(known);
  });

  it.each([
    ['without an offset', '2025-11-29T03:12:00', 'has no offset'],
    ['in the future', '2025-11-29T03:31:00Z', 'is in the future'],
    ['that is malformed', 'ten past three', 'is not a time'],
  ])('refuses a time %s', async (_name, time, said) => {
    for (const option of ['--at', '--just-before']) {
      const { code, err } = await dr('start', 'data-loss', option, time, ...reason);
      expect(code).toBe(2);
      expect(err).toContain(`${option}: "${time}" ${said}`);
    }
    const incident = await dr('plan', 'data-loss', ...target, ...reason, '--incident-at', time);
    expect(incident.code).toBe(2);
    expect(incident.err).toContain(`--incident-at: "${time}" ${said}`);
  });

  it.each(['start', 'plan'])('refuses to %s without a reason', async (command) => {
    for (const given of [[], ['--reason', ''], ['--reason', '  ']]) {
      const { code, err } = await dr(command, 'data-loss', ...target, ...given);
      expect(code).toBe(2);
      expect(err).toContain('--reason: say what was noticed');
    }
  });

  it.each(['reject', 'skip', 'go-over', 'abort', 'confirm', 'replan', 'repair'])(
    'refuses to %s with an empty reason',
    async (command) => {
      const { code, err } = await dr(command, '--reason', ' ');
      expect(code).toBe(2);
      expect(err).toContain('--reason: say');
    },
  );

  it('names all problems at once', async () => {
    const { dr: misconfigured } = terminal(
      null,
      { DR_ENVIRONMENT: 'Prod!', DR_TEMPORAL_UI: 'localhost' },
      now,
    );
    const { code, err } = await misconfigured(
      'start',
      'nothing',
      '--at',
      'x',
      '--just-before',
      'y',
      '--incident-at',
      'z',
      '--as',
      '',
    );
    expect(code).toBe(2);
    for (const problem of [
      'scenario: "nothing"',
      'DR_ENVIRONMENT: expected lower-case',
      'DR_TEMPORAL_UI: expected an http address',
      '--at: "x"',
      '--just-before: "y"',
      '--at and --just-before: give only one',
      '--incident-at: "z"',
      '--reason: say what was noticed',
      '--as: give your name',
    ]) {
      expect(err).toContain(problem);
    }
  });

  it.for([
    [
      ['application-crash', '--at', '2025-11-29T03:12:00Z'],
      '--at and --just-before: this scenario goes back to no moment',
    ],
    [
      ['data-loss', '--deployment', 'd1', '--at', '2025-11-29T03:12:00Z'],
      '--deployment: only application-crash goes to another deployment',
    ],
    [['application-crash', '--credentials-stolen'], '--credentials-stolen: only complete-failure starts'],
    [['security-breach', '--credentials-stolen'], 'a security breach exchanges them anyway; leave it out.'],
  ] as const)('refuses to start %j, which does not fit the scenario', async ([given, problem]) => {
    const { code, err } = await dr('start', ...given, '--reason', 'no answer', '--as', 'oncall');
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });

  it('tells a script the same in one JSON document', async () => {
    const { code, out, err } = await dr('start', 'nothing', '--json');
    expect(err).toBe('');
    const document: unknown = JSON.parse(out);
    expect(document).toMatchObject({
      exitCode: code,
      error: {
        meaning: 'Nothing was changed.',
        problems: [expect.stringContaining('"nothing"'), expect.anything()],
      },
    });
  });

  it.each(['c0ffee', 'c0ffee12345', 'not-hexadecimal!', '0'.repeat(65)])(
    'refuses the digest %s',
    async (digest) => {
      const { code, err } = await dr('approve', '--digest', digest);
      expect(code).toBe(2);
      expect(err).toContain('--digest: expected at least 12 hex characters');
    },
  );

  it('refuses an approval that names no plan', async () => {
    const { code, err } = await dr('approve', '--as', 'ben');
    expect(code).toBe(2);
    expect(err).toContain('--digest: give the first 12 characters');
  });

  it('refuses the placeholder of a copied command as a name', async () => {
    const { code, err } = await dr('abort', '--reason', 'false alarm', '--as', 'NAME');
    expect(code).toBe(2);
    expect(err).toContain('put your own name in place of NAME');
  });

  it('tells a script of an unknown option in JSON as well', async () => {
    const { code, out, err } = await dr('start', '--fast', '--json');
    expect(err).toBe('');
    const document: unknown = JSON.parse(out);
    expect(document).toMatchObject({
      exitCode: code,
      error: { happened: expect.stringContaining('--fast') },
    });
  });

  it.each([['strat'], ['start', '--fast'], ['start', '--at']])(
    'refuses what it does not know: %s',
    async (...argv) => {
      const { code, err } = await dr(...argv);
      expect(code).toBe(2);
      expect(err).toMatch(/^error: /);
    },
  );
});

describe('help', () => {
  const commands =
    'start plan status watch approve reject retry replan skip go-over abort confirm list report repair'.split(
      ' ',
    );

  it('lists every command within 80 columns', async () => {
    const { code, out } = await dr('--help');
    expect(code).toBe(0);
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each(commands)('of %s has an example, the exit codes and 80 columns', async (command) => {
    const { code, out } = await dr(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Example:\n  npx dr ${command}`);
    expect(out).toContain('Exit codes:');
    expect(out).toContain('--json');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
