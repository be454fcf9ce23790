import type { DrillRecord } from '../../contracts/drills.ts';
import type { OperationCheck } from '../../contracts/operations.ts';
import { activities } from '../../runbook/activities.ts';
import { drillDocument } from '../../runbook/documents/drill.ts';
import { duration, plural } from '../../runbook/format.ts';
import type { Course } from './course.ts';
import { recordOf } from './record.ts';

/** What people vouch for by having taken part. */
const trained = 'team-trained';

/** Stores the record, with how code, policy, schema and provider stand. */
export async function document(
  course: Course,
  criteria: readonly OperationCheck[],
  failure: string | null,
): Promise<string> {
  const keys = await store(await complete(course, criteria, failure));
  return keys === null
    ? 'the record could not be stored; it is the result of the run'
    : `stored as ${keys.join(', ')}`;
}

/** Says what to improve, tells the team, and records who is trained now; then stores the record once more, complete. */
export async function review(
  course: Course,
  criteria: readonly OperationCheck[],
  failure: string | null,
): Promise<string> {
  const record = await complete(course, criteria, failure);
  const attested = await attestTraining(course, record);
  await tellTeam(course, record);
  await store({ ...record, steps: [...record.steps, reviewed(course, record, attested)] });
  return reviewed(course, record, attested).summary;
}

async function complete(
  course: Course,
  criteria: readonly OperationCheck[],
  failure: string | null,
): Promise<DrillRecord> {
  const fingerprint = await activities.fingerprint.takeFingerprint().catch(() => null);
  return recordOf(course, criteria, failure, fingerprint);
}

function reviewed(course: Course, { improvements, finishedAt }: DrillRecord, attested: string) {
  const slowest = improvements.find(({ kind }) => kind === 'slowest-step');
  const more = plural(improvements.length, 'thing', 'things');
  return {
    step: 'review' as const,
    startedAt: course.steps.at(-1)?.finishedAt ?? course.startedAt,
    finishedAt,
    summary: `${more} to improve${slowest === undefined ? '' : `; ${slowest.what}`}; ${attested}`,
  };
}

async function store(record: DrillRecord): Promise<readonly string[] | null> {
  const { environment, startedAt, runId } = record;
  try {
    const { keys } = await activities.evidence.putReport({
      key: `drills/${environment}/${startedAt.replaceAll(':', '-')}-${runId.slice(0, 8)}`,
      document: drillDocument(record),
      json: record,
    });
    return keys;
  } catch {
    return null;
  }
}

/** Only who really answered has carried out a recovery. */
async function attestTraining({ policy, input, id }: Course, record: DrillRecord): Promise<string> {
  const { succeeded, environment, scenario, approvals, participants } = record;
  const first = approvals.find(({ accepted, simulated }) => accepted && !simulated);
  const spec = policy.attestations.find((item) => item.id === trained);
  if (!succeeded || first === undefined || spec === undefined) return 'nobody is trained by it';
  const names = participants.filter(({ took }) => took === 'part').map(({ name }) => name);
  try {
    await activities.attestations.recordAttestation({
      environment,
      startedBy: first.by,
      item: trained,
      holds: true,
      note: `Took part in the drill ${id} (${scenario}), started by ${input.startedBy}: ${names.join(', ')}.`,
      validDays: null,
      specs: policy.attestations,
      at: record.finishedAt,
    });
    return `recorded as trained: ${names.join(', ')}`;
  } catch {
    return 'that the team is trained could not be recorded';
  }
}

async function tellTeam({ policy, id }: Course, record: DrillRecord): Promise<void> {
  const { environment, scenario, fault, criteria, verdict, failure, recovery } = record;
  const failed = criteria.filter(({ passed }) => !passed);
  await activities.quickNotification
    .mailTeam({
      recipients: policy.mail.team,
      subject: `DRILL is over in ${environment}: ${verdict}`,
      lines: [
        `The drill in ${environment} is over. It was ${scenario}: ${fault.title}.`,
        failure === null ? `${verdict}.` : `It was not held to its end: ${failure}`,
        ...criteria.map(({ name, passed, found }) => `${passed ? 'ok' : 'FAILED'}: ${name}: ${found}`),
        `Waiting for people: ${duration(recovery?.waitedForPeopleMs ?? null)}. To improve: ${record.improvements.map(({ what }) => what).join('; ') || 'nothing that the figures show'}.`,
        ...(failed.length === 0 ? [] : [`npx dr drill ${scenario} --environment ${environment}`]),
      ],
      dedupeKey: `${id}/over`,
    })
    .catch(() => undefined);
}
