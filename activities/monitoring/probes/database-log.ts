import { DrError } from '../../errors.ts';
import type { Database, PlatformLogLine } from '../../ports.ts';
import { isFailedLogin, loginsAmong } from '../../security/evidence-parts.ts';
import { notableFacts } from '../../security/notable-facts.ts';
import type { ProbeGroup } from '../look.ts';
import { strangersAmong } from '../networks.ts';
import type { Reading } from '../reading.ts';

const mostLines = 5_000;
const mostNamed = 3;
/** A log may name the port behind the address; of IPv6 that cannot be told apart, and open sessions show it. */
const addressWithPort = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/;

/** Logins, by the log of the database: turned away too often, or let in from an unknown network and gone again. */
export const databaseLogProbe: ProbeGroup = {
  name: 'database-log',
  signals: ['failed-logins'],
  duringRecovery: false,
  everyMs: ({ everyMs }) => everyMs.platform,
  patienceMs: ({ patienceMs }) => patienceMs.other,
  async look({ dependencies: { logs, database }, monitor, at }) {
    const { windowMs, atLeast } = monitor.failedLogins;
    const to = new Date(at);
    const from = new Date(to.getTime() - windowMs);
    const logins = loginsAmong(await logs.databaseLog({ from, to, limit: mostLines }));
    const failed = logins.filter(isFailedLogin);
    const failedLogins: Reading = {
      signal: 'failed-logins',
      verdict: failed.length >= atLeast ? 'bad' : 'good',
      found:
        failed.length === 0
          ? 'No login was turned away.'
          : `${failed.length} logins were turned away: ${notableFacts({ sessions: [], roles: [], failedLogins: failed }).slice(0, mostNamed).join(', ')}.`,
      expected: `under ${atLeast} in ${windowMs / 1000} s`,
    };
    return {
      readings: [failedLogins, ...(await fromUnknownNetworks(database, logins, monitor.knownNetworks))],
    };
  },
};

/** That the log names none says nothing of sessions that are open for long: those are looked at elsewhere. */
async function fromUnknownNetworks(
  database: Database,
  logins: readonly PlatformLogLine[],
  knownNetworks: readonly string[],
): Promise<readonly Reading[]> {
  const letIn = logins
    .filter((line) => !isFailedLogin(line))
    .flatMap(({ role, from }) => {
      const address = addressWithPort.exec(from ?? '')?.[1];
      return address === undefined ? [] : [{ role, address }];
    });
  if (letIn.length === 0) return [];
  const addresses = letIn.map(({ address }) => address);
  const strangers = await database
    .session((session) => strangersAmong(session, addresses, knownNetworks))
    .catch(nobodyWhileUnreachable);
  const strange = letIn.filter(({ address }) => strangers.has(address));
  if (strange.length === 0) return [];
  const who = new Set(strange.map(({ role, address }) => `${role ?? 'an unknown role'} from ${address}`));
  return [
    {
      signal: 'unknown-networks',
      verdict: 'bad',
      found: `${strange.length} logins were let in from unknown networks: ${[...who].slice(0, mostNamed).join(', ')}.`,
      expected: 'sessions from the networks of the policy only',
    },
  ];
}

/** The database judges addresses; while it is away, that it is away is what counts. */
function nobodyWhileUnreachable(error: unknown): ReadonlySet<string> {
  if (error instanceof DrError) return new Set();
  throw error;
}
