import type { PlatformLogLine } from '../ports.ts';
import type { EvidenceRole, EvidenceSession } from './evidence-parts.ts';

/** So that a report stays readable; all of it is in the evidence. */
const mostOfAKind = 10;

function countBy<T>(
  things: readonly T[],
  name: (thing: T) => string,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(name(thing), (counts.get(name(thing)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, mostOfAKind);
}

/** What a person should look at first, each in one line. */
export function notableFacts(evidence: {
  readonly sessions: readonly EvidenceSession[];
  readonly roles: readonly EvidenceRole[];
  readonly failedLogins: readonly PlatformLogLine[];
}): readonly string[] {
  const powers = (role: EvidenceRole) =>
    [
      role.superuser ? 'is superuser' : null,
      role.bypassesRowSecurity ? 'bypasses row-level security' : null,
      role.createRole ? 'makes roles' : null,
      role.replication ? 'may copy the whole cluster' : null,
    ].filter((power) => power !== null);
  return [
    ...countBy(
      evidence.failedLogins,
      ({ role, from }) => `as ${role ?? 'an unknown role'} from ${from ?? 'an unknown address'}`,
    ).map(([who, count]) => `${count} login${count === 1 ? '' : 's'} turned away ${who}`),
    ...countBy(
      evidence.sessions,
      ({ role, address, application }) =>
        `of ${role ?? 'an unknown role'} from ${address ?? 'an address that is not shown'} (${application ?? ''})`,
    ).map(([who, count]) => `${count} open session${count === 1 ? '' : 's'} ${who}`),
    ...evidence.roles
      .filter((role) => role.login && powers(role).length > 0)
      .slice(0, mostOfAKind)
      .map((role) => `role ${role.name} may log in and ${powers(role).join(', ')}`),
  ];
}
