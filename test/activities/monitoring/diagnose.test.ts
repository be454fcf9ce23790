import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../activities/monitoring/diagnose.ts';
import type { Evidence, Reach, SignalName } from '../../../workflows/contracts/monitoring.ts';
import type { RunnableScenario } from '../../../workflows/contracts/names.ts';

const scenarios: Partial<Record<SignalName, RunnableScenario>> = {
  'health-check': 'application-crash',
  deployment: 'application-crash',
  'missing-records': 'data-loss',
  'inconsistent-data': 'data-loss',
  'checksum-failures': 'database-corruption',
  'database-provider': 'complete-failure',
  'failed-logins': 'security-breach',
  'roles-and-grants': 'security-breach',
};

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();

/** Good last a minute before. */
function evidence(signal: SignalName, minute = 10, unreachable: readonly Reach[] = []): Evidence {
  return {
    signal,
    scenario: scenarios[signal] ?? null,
    since: at(minute),
    lastGoodAt: at(minute - 1),
    found: `${signal} was found.`,
    expected: 'none',
    unreachable,
  };
}

const down = (signal: SignalName, ...unreachable: Reach[]) => evidence(signal, 10, unreachable);
const crash = down('health-check', 'application');
const deploymentUnknown = { ...down('deployment', 'application-platform'), scenario: null };

describe('a diagnosis', () => {
  it('is none without evidence', () => {
    expect(diagnose([])).toBeNull();
  });

  it.each([
    [['health-check'], 'application-crash', []],
    [['missing-records'], 'data-loss', []],
    [['inconsistent-data', 'missing-records'], 'data-loss', []],
    [['checksum-failures'], 'database-corruption', []],
    [['roles-and-grants'], 'security-breach', []],
    [['failed-logins'], 'security-breach', []],
    [['backup-age'], null, []],
    [['slow-queries', 'error-rate', 'response-time'], null, []],
    [['error-rate', 'health-check'], 'application-crash', []],
    [['health-check', 'checksum-failures'], 'database-corruption', ['application-crash']],
    [['missing-records', 'checksum-failures'], 'database-corruption', ['data-loss']],
    [['health-check', 'missing-records'], 'data-loss', ['application-crash']],
    [
      ['health-check', 'missing-records', 'roles-and-grants', 'checksum-failures'],
      'security-breach',
      ['database-corruption', 'data-loss', 'application-crash'],
    ],
    // An application with a password that is refused is down, and tries it again and again.
    [['failed-logins', 'health-check'], 'application-crash', ['security-breach']],
    [['failed-logins', 'roles-and-grants', 'health-check'], 'security-breach', ['application-crash']],
  ] as const)('of %j is %s, then %j', (signals, scenario, alsoPossible) => {
    const found = diagnose(signals.map((signal) => evidence(signal)));
    expect(found).toMatchObject({ scenario, alsoPossible });
    for (const other of alsoPossible) expect(found?.because).toContain(other);
  });

  it.each([
    [
      'everything',
      [crash, deploymentUnknown, down('database-provider', 'database', 'database-provider')],
      'complete-failure',
    ],
    [
      'the host of the database, which answers nothing itself',
      [down('database-provider', 'database-provider')],
      null,
    ],
    [
      'the host of the database and the database',
      [crash, down('database-provider', 'database', 'database-provider')],
      'application-crash',
    ],
    [
      'both providers, while the application answers',
      [deploymentUnknown, down('database-provider', 'database', 'database-provider')],
      null,
    ],
    ['the platform of the application', [deploymentUnknown], null],
    [
      'both and the application, while the database answers',
      [crash, deploymentUnknown, down('database-provider', 'database-provider')],
      'application-crash',
    ],
  ] as const)('where there is silence of %s', (_what, found, scenario) => {
    expect(diagnose(found)?.scenario).toBe(scenario);
  });

  it('of a complete failure with traces of an intruder is a breach', () => {
    const all = [crash, deploymentUnknown, down('database-provider', 'database', 'database-provider')];
    expect(diagnose([...all, evidence('roles-and-grants')])).toMatchObject({
      scenario: 'security-breach',
      alsoPossible: ['complete-failure', 'application-crash'],
    });
  });

  it('goes back to when all that decides was good, and begins with the first trouble that speaks for a runbook', () => {
    const found = diagnose([
      evidence('missing-records', 20),
      evidence('inconsistent-data', 15),
      evidence('response-time', 5),
    ]);
    expect(found).toMatchObject({ target: { kind: 'at', moment: at(14) }, incidentAt: at(15) });
  });

  it('leaves the target to the runbook where nothing was seen good, and where it finds it itself', () => {
    expect(diagnose([{ ...evidence('missing-records'), lastGoodAt: null }])?.target).toBeNull();
    expect(diagnose([evidence('checksum-failures')])?.target).toBeNull();
    expect(diagnose([crash])?.target).toBeNull();
    expect(diagnose([evidence('roles-and-grants')])?.target).toEqual({ kind: 'at', moment: at(9) });
  });

  it('takes a person at their word', () => {
    const report = { ...evidence('user-report'), scenario: 'complete-failure', lastGoodAt: null } as const;
    expect(diagnose([report])).toMatchObject({ scenario: 'complete-failure', target: null });
  });
});
