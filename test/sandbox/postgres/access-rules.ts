import { isIP } from 'node:net';

/** From everywhere: what a new cluster allows. */
export const unrestricted: readonly string[] = ['0.0.0.0/0', '::/0'];

/**
 * The text of `pg_hba.conf`: the platform's own superuser from this machine always, everybody else only from the
 * given networks, and with TLS where that is enforced.
 *
 * @throws RangeError when an entry is not a network in CIDR notation
 */
export function accessRules(
  superuser: string,
  { cidrs, sslEnforced }: { readonly cidrs: readonly string[]; readonly sslEnforced: boolean },
): string {
  for (const cidr of cidrs) requireCidr(cidr);
  const own = ['all', 'replication'].map(
    (database) => `host ${database} ${superuser} 127.0.0.1/32 scram-sha-256`,
  );
  const others = cidrs.map((cidr) => `${sslEnforced ? 'hostssl' : 'host'} all all ${cidr} scram-sha-256`);
  return `${[...own, ...others].join('\n')}\n`;
}

function requireCidr(cidr: string): void {
  const [address = '', length = '', ...rest] = cidr.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const valid = rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits;
  if (!valid) throw new RangeError(`Not a network in CIDR notation: ${cidr}`);
}
