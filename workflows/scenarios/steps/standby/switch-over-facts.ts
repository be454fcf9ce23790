import type { OpenDecision } from '../../../contracts/decisions.ts';
import { duration, utc } from '../../../runbook/format.ts';
import type { StepContext } from '../../../runbook/runbook.ts';
import { oldProductionSteps } from './old-production.ts';

/** What is shown at the gate: what is lost, what was rebuilt and what not, how the old production stands. */
export function switchOverFacts({
  fact,
  facts,
  policy,
  scenario,
  incidentAt,
  measures,
}: StepContext): OpenDecision['facts'] {
  const old = measures.filter(({ step }) => oldProductionSteps.includes(step));
  const { location, key, snapshotAt, passedOver } = fact('standbySource');
  const { rpoMs } = policy.objectives[scenario];
  const lossMs = incidentAt === null ? null : Math.max(0, Date.parse(incidentAt) - Date.parse(snapshotAt));
  const { checks } = fact('verification');
  const { database, application, health, lastMarker = null } = fact('providers');
  return [
    {
      label: 'LOST',
      value: `everything committed after ${utc(snapshotAt)}: ${duration(lossMs)} before the incident, objective ${duration(rpoMs)} (RPO)`,
    },
    ...(lastMarker === null
      ? []
      : [
          {
            label: 'Last marker',
            value: `${utc(lastMarker.writtenAt)}: until then at least the old production took writes; it is kept outside the database, about once a minute`,
          },
        ]),
    { label: 'Backup', value: `${key} at ${location}` },
    ...passedOver.map((value) => ({ label: 'Passed over', value })),
    {
      label: 'Verified',
      value: `${checks.filter(({ passed }) => passed).length} of ${checks.length} checks passed`,
    },
    { label: 'Standby application', value: `healthy since ${utc(fact('standbyHealth').healthySince)}` },
    ...credentialFacts(facts),
    {
      label: 'Uploaded files',
      value:
        facts.standbyUploads === undefined
          ? 'NOT brought back by this run: the standby application reads them from where its variables say'
          : `${facts.standbyUploads.objects} brought back, ${facts.standbyUploads.failed} failed`,
    },
    { label: 'Database platform', value: database.found },
    { label: 'Application platform', value: application.found },
    { label: 'Application', value: health.found },
    ...(database.usable
      ? [
          {
            label: 'DATABASE ANSWERS',
            value: 'that of the old production: what it holds since the backup is given up knowingly',
          },
        ]
      : []),
    {
      label: 'Old production',
      value:
        old.length === 0
          ? 'nothing keeps it from taking writes when it comes back: that is the last step'
          : `${old.map(({ inForce }) => inForce).join('; ')}: stays so after this, so that only one production takes writes`,
    },
    {
      label: 'Not moved',
      value:
        'sessions and passwords that a platform keeps (such as auth users), its files, its jobs and functions',
    },
  ];
}

function credentialFacts({ rotatedCredentials, standbyVariables }: StepContext['facts']) {
  const left = rotatedCredentials?.flatMap(({ id, toDo }) => (toDo === null ? [] : [id])) ?? [];
  const without = standbyVariables?.leftOut ?? [];
  const notCompared = standbyVariables?.notCompared ?? null;
  return [
    ...(left.length === 0 ? [] : [{ label: 'NOT EXCHANGED', value: `${left.join(', ')}: left to a person` }]),
    ...(without.length === 0 ? [] : [{ label: 'Runs without', value: without.join(', ') }]),
    ...(notCompared === null
      ? []
      : [{ label: 'MAY HOLD OLD SECRETS', value: `its variables were not compared: ${notCompared}` }]),
  ];
}
