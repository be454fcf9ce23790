import type { RecoveryStatus } from '../../workflows/contracts/status.ts';
import { CommandStopped } from '../command-stopped.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandText } from '../output/command-text.ts';

/**
 * Why the measures that a run left must not be taken back without a word of the person: production would be opened on
 * data that nobody verified, or to an intruder.
 *
 * @returns null when nothing speaks against it
 */
export function dangerOfReopening(status: RecoveryStatus): CommandStopped | null {
  const { destroyed, outcome, scenario } = status;
  if (outcome === 'recovered') return null;
  const breach = scenario === 'security-breach' ? reopeningAfterBreach(status) : '';
  if (destroyed) {
    return danger(
      status,
      'The run that left these measures had rewound the database, or may have, and did not end well.',
      `Taking the fence away lets users write to data that nobody verified.${breach === '' ? '' : ` ${breach}`}`,
    );
  }
  if (breach === '') return null;
  return danger(
    status,
    'Production is isolated because of a security breach, and the run that isolated it did not end.',
    `${breach} The database was not rewound: what an intruder altered in it is still there.`,
  );
}

/** What of the way in was closed, by the steps that were done. */
function reopeningAfterBreach({ steps }: RecoveryStatus): string {
  const done = (id: string) => steps.some((step) => step.id === id && step.state === 'done');
  const open = [
    ...(done('rotate-credentials') ? [] : ['no credential was exchanged']),
    ...(done('apply-security-baseline') ? [] : ['the security rules were not applied']),
  ];
  return open.length === 0
    ? 'Credentials were exchanged and the security rules applied.'
    : `Opening it lets the intruder in again: ${open.join(', and ')}.`;
}

function danger(
  { environment, scenario }: RecoveryStatus,
  happened: string,
  meaning: string,
): CommandStopped {
  const again = commandText({ command: 'start', environment, args: [scenario, '--ignore-left-measures'] });
  return new CommandStopped(exitCodes.refused, {
    happened,
    meaning: `${meaning} Nothing was started.`,
    next: `Start another recovery on top of them (${again}); or, where you looked and know better, repeat this with --accept-unverified-data.`,
  });
}
