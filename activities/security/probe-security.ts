import type { SecurityBaseline, SecurityProbe } from '../../workflows/contracts/security.ts';
import { heartbeat } from '../database/heartbeat.ts';
import type { SecurityDependencies } from './dependencies.ts';

function withoutTls(connectionString: string): string {
  const url = new URL(connectionString);
  for (const name of ['ssl', 'sslrootcert', 'uselibpqcompat']) url.searchParams.delete(name);
  url.searchParams.set('sslmode', 'disable');
  return url.href;
}

/**
 * Tries to do what the baseline forbids: to log in without TLS, and to read guarded tables with the key that every
 * browser has. From where the worker stands, networks that are shut out cannot be tried.
 *
 * @throws DrError `database-*`, `provider-*`
 */
export async function probeSecurity(
  { database, acceptedConnectionString, keys, apiProbe }: SecurityDependencies,
  baseline: SecurityBaseline,
): Promise<readonly SecurityProbe[]> {
  const probes: SecurityProbe[] = [];
  if (baseline.sslEnforced) {
    heartbeat('trying a login without TLS');
    const answer = await database.tryLogin(withoutTls(await acceptedConnectionString()));
    probes.push({ what: 'a login without TLS', held: answer !== 'accepted', found: answer });
  }
  const known = await keys.apiKeys({ reveal: true });
  const open =
    known.find(({ kind }) => kind === 'publishable') ??
    known.find(({ kind, name }) => kind === 'legacy' && name === 'anon');
  for (const table of open?.secret ? baseline.rowSecurity : []) {
    heartbeat(`reading ${table} as anybody`);
    const name = table.replace(/^public\./, '');
    const visible = await apiProbe.visibleRows({ apiKey: open?.secret ?? '', table: name });
    probes.push({
      what: `reading ${table} with the key ${open?.name ?? ''} that every browser has`,
      held: visible === 0 || visible === 'refused',
      found: typeof visible === 'number' ? `${visible === 0 ? 'no' : 'a'} row was shown` : visible,
    });
  }
  return probes;
}
