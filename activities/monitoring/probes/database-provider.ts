import type { Reach } from '../../../workflows/contracts/monitoring.ts';
import { DrError } from '../../errors.ts';
import type { LookContext, ProbeGroup } from '../look.ts';

type Found = { readonly problem: string; readonly unreachable: readonly Reach[] };

const silence: ReadonlySet<string> = new Set(['provider-unavailable', 'provider-timeout']);

/** The host of the database, by its API and by a connection. */
export const databaseProviderProbe: ProbeGroup = {
  name: 'database-provider',
  signals: ['database-provider'],
  duringRecovery: true,
  everyMs: ({ everyMs }) => everyMs.platform,
  patienceMs: ({ patienceMs }) => patienceMs.other,
  async look(context) {
    const [byApi, byConnection] = await Promise.all([askApi(context), connect(context)]);
    const problems = [...byApi, ...byConnection];
    const expected = 'a healthy database platform that answers, and a database that takes connections';
    return {
      readings: [
        {
          signal: 'database-provider',
          verdict: problems.length > 0 ? 'bad' : 'good',
          found:
            problems.map(({ problem }) => problem).join(' ') ||
            'The database platform is healthy and the database takes connections.',
          expected,
          unreachable: problems.flatMap(({ unreachable }) => unreachable),
        },
      ],
    };
  },
};

async function askApi({ dependencies: { platform } }: LookContext): Promise<readonly Found[]> {
  try {
    const { status, raw } = await platform.status();
    if (status !== 'healthy') {
      const gone = status === 'unavailable';
      return [
        {
          problem: `The platform of the database says ${raw}.`,
          unreachable: gone ? ['database-provider'] : [],
        },
      ];
    }
    const ill = (await platform.services()).filter(({ healthy }) => !healthy);
    return ill.map(({ name, detail }) => ({
      problem: `Its service ${name} is not healthy (${detail}).`,
      unreachable: [],
    }));
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    // Too many requests of ours say nothing about the platform.
    if (error.type === 'provider-rate-limited') return [];
    return [
      {
        problem: `The platform of the database does not answer: ${error.explanation.happened}`,
        unreachable: silence.has(error.type) ? ['database-provider'] : [],
      },
    ];
  }
}

async function connect({ dependencies: { database } }: LookContext): Promise<readonly Found[]> {
  try {
    await database.session((session) => session.query('SELECT 1'));
    return [];
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    return [
      {
        problem: `No connection to the database: ${error.explanation.happened}`,
        unreachable: error.type === 'database-unreachable' ? ['database'] : [],
      },
    ];
  }
}
