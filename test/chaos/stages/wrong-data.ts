import type { RecoveryReport } from '../../../workflows/contracts/report.ts';
import { deviation, exact, type HeldData } from '../../end-to-end/truth.ts';
import type { SandboxProduction } from '../../sandbox/index.ts';

/**
 * Holds the data of a production that was rewound against what was there at the target; nothing is looked at where it
 * was not.
 *
 * @param heldAt what a restore to this second must have brought back
 */
export async function wrongData(
  sandbox: SandboxProduction,
  { restoredToUnix, status }: RecoveryReport,
  heldAt: (targetUnix: number) => HeldData,
): Promise<readonly string[]> {
  if (restoredToUnix === null) return [];
  const held = heldAt(restoredToUnix);
  const restoredAt = status.steps.find(({ id }) => id === 'restore-database')?.finishedAt ?? '';
  const found = await deviation(sandbox, held, restoredAt);
  const { missing, altered, surplus, catalogueAltered } = found;
  return [
    ...(held.kept.size > 0 ? [] : ['nothing was there to be restored: the case proves nothing']),
    ...(JSON.stringify(found) === JSON.stringify(exact)
      ? []
      : [
          `the data is not exact: ${missing.length} missing, ${altered.length} altered, ${surplus.length} surplus${catalogueAltered ? ', catalogue altered' : ''}`,
        ]),
  ];
}
