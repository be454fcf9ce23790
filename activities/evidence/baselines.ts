import { z } from 'zod';
import type { LossSurvey } from '../../workflows/contracts/recovery-point.ts';
import { DrError } from '../errors.ts';
import type { ObjectStore } from '../ports.ts';
import { settledRowsSchema } from '../settled-rows-schema.ts';

const baselineSchema = z.object({
  environment: z.string(),
  /** RFC 3339, UTC, the database's clock. */
  takenAt: z.iso.datetime({ offset: true }),
  databaseBytes: z.number().nonnegative(),
  tables: z.array(
    z.object({
      table: z.string(),
      rows: z.number().int().nonnegative(),
      /** Absent in baselines from before it was recorded. */
      settled: settledRowsSchema.optional(),
    }),
  ),
});

/** How many rows each table had at one moment, kept outside the database that a recovery rewinds. */
export type Baseline = z.infer<typeof baselineSchema>;

const folderOf = (environment: string) => `baselines/${environment}/`;
const stampedKey = /\/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\.json$/;

/**
 * Records a survey's row counts as `baselines/<environment>/<ISO time>.json`. Idempotent.
 *
 * @returns the object's key
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function recordBaseline(
  store: ObjectStore,
  { environment, survey }: { readonly environment: string; readonly survey: LossSurvey },
): Promise<{ key: string }> {
  requireEnvironmentName(environment);
  const takenAt = new Date(survey.surveyedAt);
  if (Number.isNaN(takenAt.getTime())) throw inputInvalid('The survey has no readable time.');
  const baseline: Baseline = {
    environment,
    takenAt: takenAt.toISOString(),
    databaseBytes: survey.databaseBytes,
    tables: survey.tables.map(({ table, present, settled }) => ({
      table,
      rows: present,
      ...(settled !== undefined && { settled }),
    })),
  };
  const key = `${folderOf(environment)}${baseline.takenAt}.json`;
  await store.putText(key, `${JSON.stringify(baseline, null, 2)}\n`, 'application/json');
  return { key };
}

/**
 * Reads the newest baseline that is not newer than a moment. One that cannot be read is passed over for an older one:
 * a recovery does without rather than stop.
 *
 * @param input.atOrBeforeUnix UTC second
 * @returns the baseline, or null when there is none
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function readBaseline(
  store: ObjectStore,
  { environment, atOrBeforeUnix }: { readonly environment: string; readonly atOrBeforeUnix: number },
): Promise<Baseline | null> {
  requireEnvironmentName(environment);
  const keys = (await store.list(folderOf(environment)))
    .map(({ key }) => ({ key, takenAt: stampedKey.exec(key)?.[1] }))
    .filter(({ takenAt }) => takenAt !== undefined && Date.parse(takenAt) <= atOrBeforeUnix * 1000)
    .map(({ key }) => key)
    .sort()
    .reverse();
  for (const key of keys) {
    const baseline = parse(await store.getText(key));
    if (baseline?.environment === environment) return baseline;
  }
  return null;
}

function parse(text: string | undefined): Baseline | undefined {
  if (text === undefined) return undefined;
  try {
    return baselineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function requireEnvironmentName(environment: string): void {
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(environment)) {
    throw inputInvalid('The environment’s name holds more than letters, digits, "-" and "_".');
  }
}

function inputInvalid(happened: string): DrError {
  return new DrError('input-invalid', {
    happened,
    meaning: 'Baselines were neither read nor written; counts of rows brought back stay unknown.',
    next: 'Correct the input and retry.',
  });
}
