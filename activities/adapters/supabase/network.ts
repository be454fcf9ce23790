import { isIPv6 } from 'node:net';
import type { z } from 'zod';
import type { networkRestrictionsAnswer } from './answers.ts';

/** Everybody, which is what a project without any restriction allows. */
const everybody = ['0.0.0.0/0', '::/0'];

/** The CIDRs of a restriction in one list; a project that was never restricted lets everybody in. */
export function allowedCidrs(config: z.infer<typeof networkRestrictionsAnswer>['config']): readonly string[] {
  if (config.dbAllowedCidrs === undefined && config.dbAllowedCidrsV6 === undefined) return everybody;
  return [...(config.dbAllowedCidrs ?? []), ...(config.dbAllowedCidrsV6 ?? [])];
}

/** The API takes IPv4 and IPv6 apart, and both must be given: an absent list keeps what it was. */
export function restrictionBody(cidrs: readonly string[]): {
  readonly dbAllowedCidrs: readonly string[];
  readonly dbAllowedCidrsV6: readonly string[];
} {
  const isV6 = (cidr: string): boolean => isIPv6(cidr.split('/')[0] ?? '');
  return { dbAllowedCidrs: cidrs.filter((cidr) => !isV6(cidr)), dbAllowedCidrsV6: cidrs.filter(isV6) };
}
