import type {
  RecoveryPoint,
  RestoreWindow,
  TargetRequest,
} from '../../workflows/contracts/recovery-point.ts';
import { DrError } from '../errors.ts';
import { stillArchiving } from './archiving.ts';
import type { RestoreContext } from './dependencies.ts';
import { targetSecond } from './moment.ts';
import { recoveryPointWarnings } from './recovery-point-warnings.ts';
import { durationText, utcText } from './text.ts';

/** What {@link findRecoveryPoint} is asked. */
interface FindRecoveryPointInput {
  readonly target: TargetRequest;
  /** The objective: how much may be lost, in ms. */
  readonly rpoMs: number;
  /** How far behind now the provider's newest recovery point usually lies, in ms. */
  readonly providerLagMs: number;
  /**
   * Whether the newest recovery point is taken for a later target that is not on its way: for a moment that evidence
   * gave, where an earlier one is the safe side. Default false.
   */
  readonly latestWillDo?: boolean;
}

function pitrNotEnabled(backups: number): DrError {
  return new DrError('pitr-not-enabled', {
    happened: 'Point-in-time recovery is not enabled for this project.',
    meaning: 'The database cannot be taken back to a chosen moment.',
    next:
      backups > 0
        ? `Restore a listed backup (${backups}) in the provider’s dashboard, or import the newest ` +
          'export. Enabling point-in-time recovery now does not reach back.'
        : 'Import the newest export of one’s own. Enabling point-in-time recovery now does not reach back.',
  });
}

function outsideWindow(targetUnix: number, window: RestoreWindow | null): DrError {
  if (window === null) {
    return new DrError('target-outside-window', {
      happened: 'The provider offers no recovery point yet, although point-in-time recovery is enabled.',
      meaning: 'The first base backup is not finished; no moment can be restored.',
      next: 'Look at the backups in the provider’s dashboard, or import the newest export of one’s own.',
    });
  }
  const tooEarly = targetUnix < window.earliestUnix;
  const nearest = tooEarly ? window.earliestUnix : window.latestUnix;
  const gap = durationText(Math.abs(nearest - targetUnix) * 1000);
  return new DrError('target-outside-window', {
    happened:
      `The target ${utcText(targetUnix)} lies ${gap} ${tooEarly ? 'before' : 'after'} what can be restored: ` +
      `${utcText(window.earliestUnix)} to ${utcText(window.latestUnix)}.`,
    meaning: `The nearest possible target is ${utcText(nearest)}.`,
    next: tooEarly
      ? 'Choose a target in the window, or import an older export if the damage is older than the window.'
      : 'Choose a target in the window; if something was written after the target, archiving has failed: ask the provider.',
  });
}

/**
 * Reads what the provider can restore and settles the target. A target of the last minutes that is only not archived
 * yet is accepted with a warning: production is stopped meanwhile, and the re-check before the restore waits for it.
 *
 * @returns the target as an integer UTC second, with the project, the window, the backups and warnings
 * @throws DrError `input-invalid`, `pitr-not-enabled` or `target-outside-window` (none retried), or a `provider-*`
 */
export async function findRecoveryPoint(
  { platform, clock }: RestoreContext,
  input: FindRecoveryPointInput,
): Promise<RecoveryPoint> {
  const asked = targetSecond(input.target, clock());
  const [project, { pitrEnabled, window, backups }] = await Promise.all([
    platform.identity(),
    platform.recoverability(),
  ]);
  if (!pitrEnabled) throw pitrNotEnabled(backups.length);
  const { rpoMs, providerLagMs } = input;
  const now = clock();
  if (window === null || asked < window.earliestUnix) throw outsideWindow(asked, window);
  const { latestUnix } = window;
  const outOfReach =
    asked > latestUnix && !stillArchiving({ targetUnix: asked, latestUnix, providerLagMs, now });
  if (outOfReach && input.latestWillDo !== true) throw outsideWindow(asked, window);
  const targetUnix = outOfReach ? latestUnix : asked;
  const warnings = recoveryPointWarnings({ targetUnix, window, rpoMs, providerLagMs, now });
  return { project, targetUnix, window, backups, warnings };
}
