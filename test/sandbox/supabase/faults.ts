import { Faults } from '../http/faults.ts';
import type { RestorePhase } from '../postgres/sandbox-postgres.ts';

/** The faults of this server's own, by name, with what each does. */
const supabaseSwitches = {
  'stuck-restore': 'A restore stays RESTORING until this is switched off.',
  'restore-fails': 'A restore ends as RESTORE_FAILED.',
  'restore-waits': 'An accepted restore does not begin until this is switched off.',
  'restore-ignored': 'A restore request is answered 201 and nothing happens.',
  'restrictions-stay-stored': 'Network restrictions stay stored, not in force, until this is switched off.',
  'pitr-disabled': 'The project has no point-in-time recovery.',
} as const satisfies Record<string, string>;

/** The faults of one Supabase sandbox. */
export function supabaseFaults(): Faults {
  return new Faults(supabaseSwitches);
}

/**
 * For the cluster's `onRestorePhase`: makes a restore hang or fail midway, when the old database is down already and
 * the new one not yet there, as it happens at the provider.
 */
export function restorePhaseFaults(faults: Faults): (phase: RestorePhase) => Promise<void> {
  return async (phase) => {
    if (phase !== 'copying') return;
    await faults.whenOff('stuck-restore');
    if (faults.isOn('restore-fails')) throw new Error('Switched on: restore-fails.');
  };
}
