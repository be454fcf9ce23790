import { activities } from '../../runbook/activities.ts';
import { bytes, count, duration, utc, utcSecond } from '../../runbook/format.ts';
import { restoreToPoint, restoreUnderWay } from '../../runbook/point-in-time-restore.ts';
import { destructive, type StepContext } from '../../runbook/runbook.ts';

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
  recheck: async ({ policy, fact }) => {
    const { targetUnix } = fact('recoveryPoint');
    const maximumLoss = fact('finalCounts').tables.map(({ table, discarded }) => ({
      table,
      rows: discarded,
    }));
    const { schemas, timestampColumns } = policy;
    const [target, loss] = await Promise.all([
      activities.restore.recheckTarget({ targetUnix }),
      activities.database.recheckLoss({ targetUnix, maximumLoss, schemas, timestampColumns }),
    ]);
    return { holds: target.holds && loss.holds, reasons: [...target.reasons, ...loss.reasons] };
  },
  underWay: restoreUnderWay,
  run: (context) => restoreToPoint(context, identity),
  summary: ({ fact }) => {
    const { restoredAt, durationMs } = fact('restored');
    return `rewound to ${utcSecond(fact('recoveryPoint').targetUnix)}, up again at ${utc(restoredAt)} after ${duration(durationMs)}`;
  },
});

function gateFacts({ fact, facts, policy }: StepContext) {
  const { targetUnix, project, warnings } = fact('recoveryPoint');
  const final = fact('finalCounts');
  const { safetyCopy, fence, silence } = facts;
  const expected = policy.expected.restore;
  return [
    { label: 'Project', value: `${project.name} (${project.ref}), ${project.provider}, ${project.region}` },
    { label: 'Target', value: utcSecond(targetUnix) },
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
          : `${safetyCopy.bucket}/${safetyCopy.key}, ${bytes(safetyCopy.bytes)}, verified`,
    },
    {
      label: 'Writers',
      value:
        silence === undefined
          ? 'NOT PROVED SILENT: the loss may be larger'
          : `silent since ${utc(silence.from)}`,
    },
    { label: 'Not fenced', value: fence?.openRoads.join('; ') || 'nothing known' },
    { label: 'Takes', value: `${duration(expected.minMs)} to ${duration(expected.maxMs)}, by the policy` },
    ...warnings.map((value) => ({ label: 'Warning', value })),
  ];
}
