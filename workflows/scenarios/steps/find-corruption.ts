import type { DamageBounds, RecoveryPointOption } from '../../contracts/evidence.ts';
import type { TargetRequest } from '../../contracts/recovery-point.ts';
import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { count, plural, utc, utcSecond } from '../../runbook/format.ts';
import { check, type StepContext } from '../../runbook/runbook.ts';
import { otherRoads } from './other-roads.ts';
import { newestOwnBackup } from './own-backups.ts';
import { surveyLoss, totalDiscarded } from './survey-loss.ts';

/** Reads what the provider has to restore from. */
export const checkBackupStatus = check({
  id: 'check-backup-status',
  title: 'Check the status of the provider’s backups',
  phase: 'checking',
  run: async () => ({ recoverability: await activities.restore.readRecoverability() }),
  summary: ({ fact }) => {
    const { pitrEnabled, window, backups } = fact('recoverability');
    const listed = `${plural(backups.length, 'backup', 'backups')} listed`;
    if (!pitrEnabled) return `point-in-time recovery is NOT enabled; ${listed}`;
    return window === null
      ? `point-in-time recovery is enabled but offers nothing yet; ${listed}`
      : `restorable from ${utcSecond(window.earliestUnix)} to ${utcSecond(window.latestUnix)}; ${listed}`;
  },
});

/** Reads every table and index, so that a restore rests on proof and not on a slow query. */
export const proveCorruption = check({
  id: 'prove-corruption',
  title: 'Prove the corruption and find the damaged tables',
  phase: 'checking',
  skippable: 'nothing proves that the data is damaged: the restore rests on your word',
  run: async ({ policy, environment, note }) => {
    const { schemas, timestampColumns, invariants } = policy;
    const recorded = await activities.evidence.readBaseline({ environment, atOrBeforeUnix: nowUnix() });
    const damage = await activities.database.examineDamage({
      schemas,
      timestampColumns,
      invariants,
      baseline:
        recorded === null
          ? null
          : { recordedUnix: Math.ceil(Date.parse(recorded.takenAt) / 1000), tables: recorded.tables },
    });
    note({ damage });
    if (damage.damagedTables.length === 0) {
      const signs = damage.findings.map(({ found }) => found).join('; ');
      throw runbookFailure('corruption-not-found', {
        happened: `Every page of every table could be read, and tables agree with their indexes.${signs === '' ? '' : ` Signs that prove nothing: ${signs}.`}`,
        meaning: 'No damage was found; a restore would discard good data.',
        next: `Abort and look for another cause; for rows that were deleted or changed use the scenario data-loss. Skip only if you know of damage that cannot be seen here.${damage.notExamined.length === 0 ? '' : ` Not examined: ${damage.notExamined.join('; ')}.`}`,
      });
    }
    return { damage };
  },
  summary: ({ fact }) => {
    const { damagedTables, findings, notExamined } = fact('damage');
    const proofs = findings.filter(({ proves }) => proves).map(({ found }) => found);
    return `damaged: ${damagedTables.join(', ')} (${proofs.join('; ')})${notExamined.length === 0 ? '' : `; not examined: ${notExamined.join('; ')}`}`;
  },
});

/** Finds since when, as far as backups and baselines tell: each of them read every table whole. */
export const boundCorruption = check({
  id: 'bound-corruption',
  title: 'Find since when the data is damaged',
  phase: 'checking',
  run: async (context) => ({ damageBounds: await boundDamage(context) }),
  summary: ({ fact }) => {
    const { lastGoodAt, lastGoodBy, noticedAt, noticedBy } = fact('damageBounds');
    return `whole at ${utc(lastGoodAt)} (${lastGoodBy}), noticed at ${utc(noticedAt)} (${noticedBy})`;
  },
});

async function boundDamage({ environment, facts, incidentAt }: StepContext): Promise<DamageBounds> {
  const moments = [
    { at: incidentAt, by: 'as the person who started it says' },
    { at: facts.damage?.lastChecksumFailureAt ?? null, by: 'last checksum failure that the server counted' },
    { at: facts.damage?.examinedAt ?? new Date().toISOString(), by: 'when the tables were read' },
  ].flatMap(({ at, by }) => (at === null ? [] : [{ at, by }]));
  const [noticed = { at: new Date().toISOString(), by: 'now' }] = moments.sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
  const [{ newest: backup, without }, baseline] = await Promise.all([
    // A backup reads every row and fails on a page that it cannot read: one that was finished saw whole tables.
    newestOwnBackup(noticed.at),
    activities.evidence.readBaseline({
      environment,
      atOrBeforeUnix: Math.floor(Date.parse(noticed.at) / 1000),
    }),
  ]);
  const good = [
    ...(backup === null
      ? []
      : [{ at: backup.snapshotAt, by: `own backup ${backup.key} at ${backup.location}` }]),
    ...(baseline === null ? [] : [{ at: baseline.takenAt, by: 'row counts of every table' }]),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return {
    lastGoodAt: good[0]?.at ?? null,
    lastGoodBy: good[0]?.by ?? `no own backup or baseline tells: ${without.join('; ')}`,
    noticedAt: noticed.at,
    noticedBy: noticed.by,
  };
}

/** Chooses a moment before the damage, and shows what the others would cost. */
export const chooseRecoveryPoint = check({
  id: 'choose-recovery-point',
  title: 'Choose the recovery point before the damage',
  phase: 'checking',
  validatesInput: ({ target }) => target !== null,
  run: async (context) => {
    const { policy, scenario, environment, facts } = context;
    const recoveryPoint = await activities.restore.findRecoveryPoint({
      target: targetOf(context),
      rpoMs: policy.objectives[scenario].rpoMs,
      providerLagMs: policy.restore.providerLagMs,
      // A quiet database has no later recovery point than its last commit.
      latestWillDo: context.target === null,
    });
    if (facts.damageBounds === undefined) return { recoveryPoint };
    const estimate = await surveyLoss(policy, environment, recoveryPoint.targetUnix);
    const chosen: RecoveryPointOption = {
      label: 'Chosen',
      targetUnix: recoveryPoint.targetUnix,
      discardedRows: totalDiscarded(estimate),
      remark:
        context.target === null
          ? `the newest moment known to be good: ${facts.damageBounds.lastGoodBy}`
          : 'as a person asked',
    };
    const others = await Promise.all(
      otherMoments(facts.damageBounds, recoveryPoint.window.latestUnix)
        .filter(({ targetUnix }) => targetUnix > recoveryPoint.targetUnix)
        .map(async (moment) => ({
          ...moment,
          discardedRows: totalDiscarded(await surveyLoss(policy, environment, moment.targetUnix)),
        })),
    );
    return { recoveryPoint, estimate, recoveryPointOptions: [chosen, ...others] };
  },
  summary: ({ fact, facts }) =>
    facts.recoveryPointOptions?.map(optionInOneLine).join('; ') ??
    `${utcSecond(fact('recoveryPoint').targetUnix)}, as a person asked`,
  waysOn: (failure, context) => otherRoads(failure, context, askedTarget(context)),
});

function askedTarget({ target, facts }: StepContext): TargetRequest | null {
  if (target !== null) return target;
  const lastGoodAt = facts.damageBounds?.lastGoodAt ?? null;
  return lastGoodAt === null ? null : { kind: 'at', moment: lastGoodAt };
}

function targetOf(context: StepContext): TargetRequest {
  const { facts } = context;
  const asked = askedTarget(context);
  if (asked !== null) return context.target ?? { kind: 'at', moment: wholeSecond(asked.moment) };
  throw runbookFailure('last-good-moment-unknown', {
    happened: `Nothing tells when the data was last whole: ${facts.damageBounds?.lastGoodBy ?? 'the damage was not bounded'}.`,
    meaning: 'A recovery point cannot be chosen by evidence: a point after the damage restores the damage.',
    next: 'Replan with a moment of your own choice (--just-before the first error in the logs), or abort.',
  });
}

/** A backup may be named by its µs; the provider restores to whole seconds, and an earlier one is the safe side. */
function wholeSecond(at: string): string {
  return new Date(Math.floor(Date.parse(at) / 1000) * 1000).toISOString();
}

function otherMoments({ noticedAt }: DamageBounds, latestUnix: number) {
  return [
    {
      label: 'Just before it was noticed',
      targetUnix: Math.min(latestUnix, Math.ceil(Date.parse(noticedAt) / 1000) - 1),
      remark: 'may hold the damage, if it was done before it was noticed',
    },
    {
      label: 'Latest',
      targetUnix: latestUnix,
      remark: 'the written procedure’s; a point after the damage restores the damage',
    },
  ];
}

/** One option for the gate and the plan. */
export function optionInOneLine({ label, targetUnix, discardedRows, remark }: RecoveryPointOption): string {
  return `${label}: ${utcSecond(targetUnix)}, discards ${count(discardedRows)} rows (${remark})`;
}

function nowUnix(): number {
  return Math.floor(Date.now() / 1000);
}
