import type { SignalName, SignalState } from '../../workflows/contracts/monitoring.ts';

/** What tells a crash of the application from the end of everything. */
export const tellsWhetherAllIsGone: readonly SignalName[] = ['deployment', 'database-provider'];

/**
 * Whether the application is down and nobody knows yet if anything of production answers: both platforms are silent as
 * far as they were asked since, and not both are known to be. A crash would be recovered where production is to be
 * rebuilt.
 */
export function mayAllBeGone(states: readonly SignalState[]): boolean {
  const application = states.find(({ signal }) => signal === 'health-check');
  if (application?.trouble !== true) return false;
  const platforms = states.filter(({ signal }) => tellsWhetherAllIsGone.includes(signal));
  const downSince = application.badSince ?? '';
  const mayBeSilent = ({ probedAt, badInARow, unreachable }: SignalState) =>
    (probedAt ?? '') < downSince || (badInARow > 0 && unreachable.length > 0);
  return platforms.every(mayBeSilent) && platforms.some(({ trouble }) => !trouble);
}
