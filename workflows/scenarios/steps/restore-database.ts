import { activities } from '../../runbook/activities.ts';
import { basisOf, bytes, count, duration, utc, utcSecond } from '../../runbook/format.ts';
import { restoreToPoint, restoreUnderWay } from '../../runbook/point-in-time-restore.ts';
import { destructive, type StepContext } from '../../runbook/runbook.ts';
import { optionInOneLine } from './find-corruption.ts';
import { restoreInTrouble } from './restore-in-trouble.ts';

const identity = { id: 'restore-database', title: 'Restore the database in place' } as const;

/** Rewinds the production database to the recovery point. Cannot be taken back. */
export const restoreDatabase = destructive({
  ...identity,
  phase: 'restoring',
  optional: false,
  expected: (policy) => policy.expected.restore,
  gate: {
    question: (context) => {
      const { project, targetUnix } = context.fact('recoveryPoint');
      return `Rewind the database of ${context.environment} (${project.name}, ${project.ref}) to ${utcSecond(targetUnix)}?`;
    },
    facts: gateFacts,
    plan: ({ fact, facts }) => {
      const { project, targetUnix } = fact('recoveryPoint');
      return {
        project,
        arguments: { targetUnix: String(targetUnix), target: utcSecond(targetUnix) },
        safetyCopySha256: facts.safetyCopy?.sha256 ?? null,
        maximumLoss: fact('finalCounts').tables.map(({ table, discarded }) => ({ table, rows: discarded })),
      };
    },
    approveLeadsTo: 'the database is rewound in place; what was written after the target is gone from it',
  },
  recheck: async (context) => {
    const { policy, fact } = context;
    const { targetUnix } = fact('recoveryPoint');
    const maximumLoss = fact('finalCounts').tables.map(({ table, discarded }) => ({
      table,
      rows: discarded,
    }));
    const { schemas, timestampColumns } = policy;
    const [target, loss, fence] = await Promise.all([
      activities.restore.recheckTarget({
        targetUnix,
        providerLagMs: policy.restore.providerLagMs,
      }),
      activities.database.recheckLoss({ targetUnix, maximumLoss, schemas, timestampColumns }),
      recheckFence(context),
    ]);
    const reasons = [...target.reasons, ...loss.reasons, ...fence];
    return { holds: target.holds && loss.holds && fence.length === 0, reasons };
  },
  underWay: restoreUnderWay,
  run: (context) => restoreToPoint(context, identity),
  waysOn: restoreInTrouble,
  summary: ({ fact }) => {
    const { restoredAt, durationMs } = fact('restored');
    return `rewound to ${utcSecond(fact('recoveryPoint').targetUnix)}, up again at ${utc(restoredAt)} after ${duration(durationMs)}`;
  },
});

/** A gate may have waited for hours: is production still stopped and fenced? */
async function recheckFence({ fact, facts, policy }: StepContext): Promise<string[]> {
  const { allowedCidrs } = fact('fence');
  const [restrictions, application] = await Promise.all([
    activities.restore.readNetworkRestrictions(),
    activities.applicationReads.readApplicationState(),
  ]);
  const reasons: string[] = [];
  if ([...restrictions.allowedCidrs].sort().join() !== [...allowedCidrs].sort().join()) {
    reasons.push(`The fence was changed: ${restrictions.allowedCidrs.join(', ')} may connect now.`);
  }
  if (application.running) {
    reasons.push(`Deployment ${application.deploymentId} of the application is running.`);
  }
  // Where silence could not be proved and was skipped, the approval was given knowing that.
  if (reasons.length === 0 && facts.silence !== undefined) {
    await activities.database.proveSilence({
      quietMs: Math.min(policy.fence.quietMs, shortestQuietMs),
      deadlineMs: policy.fence.deadlineMs,
    });
  }
  return reasons;
}

/** Just before the call, a second of silence is enough: the long proof was made before. */
const shortestQuietMs = 1_000;

/** That production was rewound before, and where the state before that lies. */
function earlierRewinds({ earlierFacts, destroyed }: StepContext) {
  const rewinds = earlierFacts.flatMap((earlier) => {
    const { restoreRequest, recoveryPoint, restored, safetyCopy } = earlier;
    if (restoreRequest === undefined || restoreRequest.settlement.kind === 'not-accepted') return [];
    const end = restored === undefined ? 'which was NOT seen to end' : `done at ${utc(restored.restoredAt)}`;
    const copy = safetyCopy === undefined ? 'NO SAFETY COPY' : `${safetyCopy.bucket}/${safetyCopy.key}`;
    return [
      {
        label: 'ALREADY REWOUND',
        value: `to ${recoveryPoint === undefined ? 'unknown' : utcSecond(recoveryPoint.targetUnix)}, ${end}; the state before it: ${copy}`,
      },
    ];
  });
  return rewinds.length === 0 && destroyed
    ? [{ label: 'ALREADY REWOUND', value: 'by an earlier run, or may have been' }]
    : rewinds;
}

/** Tables that the safety copy leaves out, since they cannot be read whole. */
function notCopied({ damage }: StepContext['facts']): string {
  const left = damage?.unreadableTables ?? [];
  return left.length === 0 ? '' : `, WITHOUT ${left.join(', ')}, which cannot be read whole`;
}

function gateFacts(context: StepContext) {
  const { fact, facts, policy } = context;
  const { targetUnix, project, warnings } = fact('recoveryPoint');
  const final = fact('finalCounts');
  const { safetyCopy, fence, silence } = facts;
  const expected = policy.expected.restore;
  return [
    { label: 'Project', value: `${project.name} (${project.ref}), ${project.provider}, ${project.region}` },
    { label: 'Target', value: utcSecond(targetUnix) },
    ...(facts.recoveryPointOptions ?? []).map((option) => ({
      label: 'Recovery point',
      value: optionInOneLine(option),
    })),
    ...(facts.damage?.findings ?? []).map(({ found, proves, table }) => ({
      label: proves ? `Damage in ${table ?? 'the database'}` : 'Sign',
      value: found,
    })),
    ...earlierRewinds(context),
    {
      label: 'Discarded at most',
      value: `everything committed after the target, until ${utc(final.newestCommitAt)}`,
    },
    ...final.tables
      .filter(({ discarded, broughtBack }) => discarded !== 0 || (broughtBack ?? 0) > 0)
      .map(({ table, present, discarded, broughtBack, basis }) => ({
        label: table,
        value: `${present} rows now, discards ${count(discarded)} (${basis}), brings back ${count(broughtBack)}`,
      })),
    {
      label: 'Safety copy',
      value:
        safetyCopy === undefined
          ? `NO SAFETY COPY (limits: ${bytes(policy.safetyCopy.maxBytes)}, ${duration(policy.safetyCopy.maxDurationMs)})`
          : `${safetyCopy.bucket}/${safetyCopy.key}, ${bytes(safetyCopy.bytes)}, verified${notCopied(facts)}`,
    },
    {
      label: 'Writers',
      value:
        silence === undefined
          ? 'NOT PROVED SILENT: the loss may be larger'
          : `silent since ${utc(silence.from)}`,
    },
    {
      label: 'Also rewound',
      value: `every schema besides ${policy.schemas.join(', ')}, such as auth and storage: not counted, not copied`,
    },
    { label: 'Not fenced', value: fence?.openRoads.join('; ') || 'nothing known' },
    {
      label: 'Takes',
      value: `${duration(expected.minMs)} to ${duration(expected.maxMs)}, ${basisOf(expected)}`,
    },
    ...warnings.map((value) => ({ label: 'Warning', value })),
  ];
}
