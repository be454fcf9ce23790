import type { SettledRows } from '../../../workflows/contracts/settled-rows.ts';
import { readBaseline } from '../../evidence/baselines.ts';
import type { LookContext } from '../look.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** One table of a recorded baseline. */
export interface RecordedTable {
  readonly table: string;
  readonly rows: number;
  /** Days that began since it was recorded. */
  readonly days: number;
  readonly settled?: SettledRows | undefined;
}

/**
 * The newest recorded baseline, for tables that no look has seen yet; none where things were accepted later. One that
 * cannot be read is done without, as a recovery does.
 *
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function newestBaseline({
  dependencies: { store },
  environment,
  memory,
  at,
}: LookContext): Promise<readonly RecordedTable[]> {
  if (memory.tables.length > 0) return [];
  const atOrBeforeUnix = Math.floor(Date.parse(at) / 1000);
  const baseline = await readBaseline(store, { environment, atOrBeforeUnix });
  if (baseline === null) return [];
  if (memory.acceptedAt !== null && baseline.takenAt <= memory.acceptedAt) return [];
  const days = Math.max(1, Math.ceil((Date.parse(at) - Date.parse(baseline.takenAt)) / dayMs));
  return baseline.tables.map((table) => ({ ...table, days }));
}
