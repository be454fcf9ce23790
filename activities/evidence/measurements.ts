import { z } from 'zod';
import { checkNames, isCheck } from '../../workflows/contracts/check-names.ts';
import { isRunnableScenario } from '../../workflows/contracts/names.ts';
import type { OperationRecord } from '../../workflows/contracts/operations.ts';
import type { Scenario } from '../../workflows/contracts/policy.ts';
import type { Measured, MeasuredRun, Measurements } from '../../workflows/contracts/trend.ts';
import { listOperationRecords } from '../alerting/operation-records.ts';
import { parseStored } from '../alerting/schemas.ts';
import { DrError } from '../errors.ts';
import { newestKeys } from '../newest-keys.ts';
import type { ObjectStore } from '../ports.ts';

/** Objects that are read at once. */
const atOnce = 16;

/** Of one kind; what is older is left out, and said: an activity's result has at most 2 MB. */
const most = 3_000;

const scenario = z.custom<Scenario>(isRunnableScenario);
const moment = z.iso.datetime({ offset: true });
const objective = z.object({ measuredMs: z.number().nonnegative().nullable() });

const storedRecovery = z.object({
  outcome: z.string(),
  rto: objective,
  rpo: objective,
  status: z.object({ scenario, runId: z.string(), startedAt: moment }),
});

const storedDrill = z.object({ scenario, startedAt: moment, recovery: storedRecovery.nullable() });

/** Runs that ended without having tried to bring production back, or that another run finished. */
const unmeasuredOutcomes: readonly string[] = ['undone', 'handed-over'];

/**
 * Reads what recoveries, drills, restore tests and validations of an environment measured since a moment. What cannot be
 * read is counted and told, and keeps nothing else out. A recovery within a drill counts once, as the drill.
 *
 * @param input.from RFC 3339, UTC
 * @throws DrError `input-invalid`, `store-unavailable` (retried) or `store-refused`
 */
export async function readMeasurements(
  store: ObjectStore,
  { environment, from }: { readonly environment: string; readonly from: string },
): Promise<Measurements> {
  const fromMs = Date.parse(from);
  if (Number.isNaN(fromMs)) throw inputInvalid('The moment to begin at is no moment.');
  const since = <T extends { readonly at: string }>(all: readonly T[]) =>
    all.filter(({ at }) => Date.parse(at) >= fromMs).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const listed = async (operation: 'restore-test' | 'full-test' | 'backup-validation') =>
    listOperationRecords(store, { environment, operation, limit: most });
  const [restoreTests, fullTests, validations] = [
    await listed('restore-test'),
    await listed('full-test'),
    await listed('backup-validation'),
  ];
  const drills = await readAll(store, `drills/${environment}/`, '.json', storedDrill, fromMs);
  const recoveries = await readAll(
    store,
    `recoveries/${environment}/`,
    '/report.json',
    storedRecovery,
    fromMs,
  );
  const drilled = new Set(drills.found.flatMap(({ recovery }) => recovery?.status.runId ?? []));
  const looked = [...validations, ...fullTests];
  return {
    runs: since([
      ...drills.found.map(runOfDrill),
      ...recoveries.found
        .filter(({ outcome, status }) => !unmeasuredOutcomes.includes(outcome) && !drilled.has(status.runId))
        .map((recovery) => runOf(recovery, 'recovery')),
    ]),
    restores: since([...restoreTests, ...fullTests].flatMap(restoresOf)),
    backupBytes: since(looked.flatMap((record) => figuresOf(record, checkNames.ownSize))),
    backupAges: since(looked.flatMap((record) => figuresOf(record, checkNames.ownFresh))),
    leftOut: [...drills.leftOut, ...recoveries.leftOut],
  };
}

function runOf({ status, rto, rpo }: z.infer<typeof storedRecovery>, kind: MeasuredRun['kind']): MeasuredRun {
  const { startedAt: at, scenario } = status;
  return { at, scenario, kind, rtoMs: rto.measuredMs, rpoMs: rpo.measuredMs };
}

/** A drill counts for the scenario that was drilled, also where the recovery went over into another. */
function runOfDrill({ recovery, scenario, startedAt: at }: z.infer<typeof storedDrill>): MeasuredRun {
  const measured = { rtoMs: recovery?.rto.measuredMs ?? null, rpoMs: recovery?.rpo.measuredMs ?? null };
  return { at, scenario, kind: 'drill', ...measured };
}

function restoresOf({ startedAt: at, restores }: OperationRecord): Measured[] {
  return restores.map(({ ms }) => ({ at, value: ms }));
}

/** A full test names its checks after its parts. */
function figuresOf(
  { startedAt: at, checks }: OperationRecord,
  name: (typeof checkNames)['ownSize' | 'ownFresh'],
): Measured[] {
  return checks.flatMap((check) => {
    const own = { name: check.name.slice(check.name.indexOf(': ') + 1).trim() };
    if (check.measured === undefined || !(isCheck(check, name) || isCheck(own, name))) return [];
    return [{ at, value: check.measured }];
  });
}

/** Keys hold the moment of the start: what began on an earlier day need not be read. */
const startDay = /\/(\d{4}-\d\d-\d\d)T/;

async function readAll<T>(
  store: ObjectStore,
  prefix: string,
  ending: string,
  schema: z.ZodType<T>,
  fromMs: number,
): Promise<{ readonly found: readonly T[]; readonly leftOut: readonly string[] }> {
  const firstDay = new Date(fromMs).toISOString().slice(0, 10);
  const keys = (await newestKeys(store, prefix, ending)).filter(
    (key) => (startDay.exec(key)?.[1] ?? firstDay) >= firstDay,
  );
  const newest = keys.slice(0, most);
  const found: T[] = [];
  for (let next = 0; next < newest.length; next += atOnce) {
    const texts = await Promise.all(newest.slice(next, next + atOnce).map((key) => store.getText(key)));
    found.push(...texts.flatMap((text) => parseStored(schema, text) ?? []));
  }
  const unread = newest.length - found.length;
  return {
    found,
    leftOut: [
      ...(unread === 0 ? [] : [`${unread} of ${newest.length} objects below ${prefix} could not be read.`]),
      ...(keys.length === newest.length
        ? []
        : [`${keys.length - newest.length} older objects below ${prefix} were not looked at.`]),
    ],
  };
}

function inputInvalid(happened: string): DrError {
  return new DrError('input-invalid', {
    happened,
    meaning: 'Nothing was read, and nothing was changed.',
    next: 'Correct the input and retry.',
  });
}
