import { readGrants } from '../../database/grants.ts';
import { compareGrants } from '../../security/compare-grants.ts';
import { readRoles } from '../../security/evidence-parts.ts';
import { meetsPattern } from '../../security/grant-lines.ts';
import { runIndicators } from '../../security/run-indicators.ts';
import type { ProbeGroup } from '../look.ts';

/** More than any database that is looked at here has; a guard against an answer without an end. */
const mostGrants = 100_000;
const mostNamed = 5;
const power = /: (?:.+ on server|MEMBER on role .+)$/;

/** Roles that nobody knows, powers that were not there, grants that must not be there, and traces of a misuse. */
export const rolesProbe: ProbeGroup = {
  name: 'roles',
  signals: ['roles-and-grants'],
  duringRecovery: false,
  everyMs: ({ everyMs }) => everyMs.security,
  patienceMs: ({ patienceMs }) => patienceMs.database,
  async look({ dependencies: { database, policy }, monitor, memory, at }) {
    const { baseline, indicators, lookBackMs } = policy.security;
    const { roles, grants, forbidden } = await database.session(async (session) => ({
      roles: await readRoles(session),
      grants: await readGrants(session, baseline.schemas, mostGrants),
      forbidden: await compareGrants(session, baseline),
    }));
    const since = new Date(Date.parse(at) - lookBackMs).toISOString();
    const traces = await runIndicators(database, { indicators, since });
    const powers = grants.filter((line) => power.test(line));
    const strangers = roles.filter(
      ({ name }) => !monitor.knownRoles.some((pattern) => meetsPattern(name, pattern)),
    );
    const { powers: knownPowers } = memory;
    const gained = knownPowers === null ? [] : powers.filter((line) => !knownPowers.includes(line));
    const problems = [
      ...strangers.map(
        ({ name, login, superuser }) =>
          `role ${name} is not known${superuser ? ', and a superuser' : ''}${login ? ', and may log in' : ''}`,
      ),
      ...gained.map((line) => `new: ${line}`),
      ...forbidden.map(({ what }) => `forbidden: ${what}`),
      ...traces.filter(({ rows }) => rows !== null && rows > 0).map(({ name, rows }) => `${rows} ${name}`),
    ];
    const notRun = traces.filter(({ failure }) => failure !== null).map(({ name }) => name);
    const good = problems.length === 0;
    return {
      readings: [
        {
          signal: 'roles-and-grants',
          verdict: good ? 'good' : 'bad',
          found: good
            ? `${roles.length} roles, all known, with the powers that they had.${notRun.length > 0 ? ` Could not be run: ${notRun.join(', ')}.` : ''}`
            : `${problems.length} that should not be: ${problems.slice(0, mostNamed).join('; ')}.`,
          expected:
            'the roles of the policy with the powers that they had, no forbidden grant, no trace of a misuse',
        },
      ],
      ...(good || knownPowers === null ? { memory: { powers } } : {}),
    };
  },
};
