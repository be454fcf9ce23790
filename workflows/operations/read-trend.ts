import type { Measured, Trend, TrendInput } from '../contracts/trend.ts';
import { activities } from '../runbook/activities.ts';
import { explainFailure } from '../runbook/failure.ts';

/** How many stored backups are looked at for their size; retention keeps fewer. */
const backupsRead = 1_000;

/**
 * Reads what was measured over months: RTO and RPO of recoveries and drills, restores of our backups, their size and age.
 * Reads only. Backups that cannot be listed are told, and keep nothing else out.
 *
 * @throws `input-invalid` for another environment, `store-refused`; not retried
 */
export async function readTrend({ environment, months }: TrendInput): Promise<Trend> {
  const { objectives, backups } = await activities.governance.admit({ environment, startedBy: null });
  const now = new Date();
  const from = new Date(now);
  from.setUTCMonth(from.getUTCMonth() - months);
  const [measurements, stored] = await Promise.all([
    activities.evidenceScans.readMeasurements({ environment, from: from.toISOString() }),
    storedBackups(from),
  ]);
  return {
    ...measurements,
    environment,
    from: from.toISOString(),
    to: now.toISOString(),
    objectives,
    maxBackupAgeMs: backups.maxAgeMs.recent,
    backupBytes: byMoment([...measurements.backupBytes, ...stored.exports]),
    dumpBytes: byMoment(stored.dumps),
    leftOut: [...measurements.leftOut, ...stored.leftOut],
  };
}

interface StoredBackups {
  readonly exports: readonly Measured[];
  readonly dumps: readonly Measured[];
  readonly leftOut: readonly string[];
}

async function storedBackups(from: Date): Promise<StoredBackups> {
  try {
    const { backups, failures } = await activities.vault.listEverywhere({ limit: backupsRead });
    const since = backups.filter(({ at }) => Date.parse(at) >= from.getTime());
    const sizes = (format: 'json' | 'sql') =>
      since.filter((backup) => backup.format === format).map(({ at, bytes: value }) => ({ at, value }));
    return {
      exports: sizes('json'),
      dumps: sizes('sql'),
      leftOut: failures.map(({ location, why }) => `Backups at ${location} could not be listed: ${why}`),
    };
  } catch (error) {
    return {
      exports: [],
      dumps: [],
      leftOut: [`Stored backups could not be listed: ${explainFailure(error).happened}`],
    };
  }
}

/** The weekly and monthly copies of a backup are the backup. */
function byMoment(measured: readonly Measured[]): readonly Measured[] {
  return [...new Map(measured.map((one) => [`${one.at} ${one.value}`, one])).values()].toSorted(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}
