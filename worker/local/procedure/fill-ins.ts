import { restrictionBody } from '../../../activities/adapters/supabase/network.ts';
import { quoteIdentifier, quoteTable } from '../../../activities/database/identifiers.ts';
import type { JobQueue, Policy, Scenario } from '../../../workflows/contracts/policy.ts';
import { bytes } from '../../../workflows/runbook/format.ts';
import { securityFillIns } from './security-fill-ins.ts';
import { shortDuration as duration } from './short-duration.ts';
import { shellWord, sqlLines, sqlText } from './sql-text.ts';
import type { FillIns } from './template.ts';

const seconds = (ms: number): string => String(ms / 1000);

/** Everything that the texts take from the policy. No secret is among it. */
export function fillInsOf(policy: Policy, scenario: Scenario): FillIns {
  const { fence, restore, health, crash, mail, safetyCopy, schemas, standby } = policy;
  const [firstRole] = policy.applicationRoles;
  return {
    ...securityFillIns(policy.security),
    rpo: duration(policy.objectives[scenario].rpoMs),
    providerLag: duration(restore.providerLagMs),
    operatorCidrs: fence.operatorCidrs.join(', '),
    fence: JSON.stringify(restrictionBody(fence.operatorCidrs)),
    openRoads: fence.openRoads.map((road) => `- ${road}`).join('\n'),
    quietSeconds: seconds(fence.quietMs),
    silenceDeadline: duration(fence.deadlineMs),
    copyLimits: `${bytes(safetyCopy.maxBytes)}, ${duration(safetyCopy.maxDurationMs)}`,
    settle: duration(restore.settleMs),
    restoreDeadline: duration(restore.deadlineMs),
    watchSeconds: String(Math.ceil(health.watchMs / 1000)),
    probeSeconds: seconds(health.probeEveryMs),
    healthDeadline: duration(health.deadlineMs),
    newDeployment: duration(crash.newDeploymentMs),
    restartDeadline: duration(crash.restartDeadlineMs),
    persistentAfter: String(crash.persistentAfter),
    persistentWithin: duration(crash.withinMs),
    schemas: schemas.map(sqlText).join(', '),
    dumpSchemas: schemas.map((schema) => `--schema=${shellWord(schema)}`).join(' '),
    timestampColumns: timestampColumns(policy),
    invariants: policy.invariants.map(invariantSql).join('\n'),
    newestRows: newestRows(policy),
    notePendingJobs: policy.jobQueues.map(notePendingJobs).join('\n') || 'echo "no job queues"',
    holdJobs: policy.jobQueues.map(holdJobs).join('\n') || 'echo "no job queues"',
    mendLogins: policy.applicationRoles.map(mendLogin).join('\n') || 'echo "no roles"',
    setLogins: policy.applicationRoles.map(setLogin).join('\n') || 'echo "no roles"',
    loginVariables: policy.applicationRoles.map(({ variable }) => variable).join(', '),
    firstLogin: firstRole?.variable ?? 'DATABASE_URL',
    fileReferences:
      policy.fileReferences
        .map(({ table, column, bucket }) => `${table}.${column} against bucket ${bucket}`)
        .join(', ') || 'none are declared',
    team: mail.team.map(shellWord).join(' '),
    teamInWords: mail.team.join(', '),
    userRecipients: sqlLines(mail.userRecipients),
    userSubject: shellWord(mail.userSubject),
    userBody: mail.userBody,
    tellUsersPolicy: mail.userRecipients === '' ? '; this policy names no users to be told.' : '.',
    confirmOnlyWhen: restore.confirmBeforeResume
      ? 'the data was verified; this policy wants it each time.'
      : 'a check of the step before could not be passed; else this policy does not ask for it.',
    rollbackByPolicy: crash.rollbackWithoutApproval
      ? '. By this policy nobody has to approve it: the objective leaves no time.'
      : ' and nobody has to approve it; by this policy somebody has to: leave this out.',
    rollbackByApproval: crash.rollbackWithoutApproval
      ? ' and somebody has to approve it; by this policy nobody has to: leave this out.'
      : '. By this policy somebody has to approve it.',
    uploadsPolicy:
      standby.uploads === null
        ? 'the application is to read them from another place; by this policy it goes on reading them where they are: leave this out.'
        : 'the application is to read them from another place, as this policy says.',
    passwordsLater:
      scenario === 'security-breach'
        ? 'Stolen ones may be among them; all are exchanged at `rotate-credentials`, and the fence holds until then.'
        : 'That of the application is tried and mended at `reconcile`.',
    applicationOnlyWhen: scenario === 'complete-failure' ? oldProductionOnlyWhen('Railway') : '',
    databaseOnlyWhen: scenario === 'complete-failure' ? oldProductionOnlyWhen('Supabase') : '',
    watchOnlyWhen:
      scenario === 'application-crash'
        ? '**Only when** it was not watched already: a restart that helped was.'
        : '',
  };
}

function oldProductionOnlyWhen(provider: string): string {
  return `**Only when** ${provider} answers, and this was not done already: what the old production takes from now on is lost. It is not undone any more once users are elsewhere.`;
}

function timestampColumns({ timestampColumns: declared }: Policy): string {
  const rows = declared.map(({ table, column }) => [
    sqlText(table),
    column === null ? 'NULL' : sqlText(column),
  ]);
  // The cast gives a list of nothing but NULL its type.
  const all = rows.length === 0 ? [["''", 'NULL']] : rows;
  return all.map(([table, column]) => `  (${table}, ${column}::text)`).join(',\n');
}

function invariantSql({ name, countViolations, allowed }: Policy['invariants'][number]): string {
  return `\\echo ${sqlText(name)}\nSELECT found, ${allowed} AS allowed FROM (\n${sqlLines(countViolations)}\n) AS counted (found);`;
}

function newestRows({ timestampColumns: declared }: Policy): string {
  const queries = declared.flatMap(({ table, column }) =>
    column === null
      ? []
      : [`SELECT * FROM ${quoteTable(table)}\nORDER BY ${quoteIdentifier(column)} DESC LIMIT 3;`],
  );
  return `sql --expanded <<'SQL'\n${queries.join('\n')}\nSQL`;
}

function keysFile({ table }: JobQueue): string {
  return `pending-${table.replaceAll(/[^\w.]/g, '_')}.txt`;
}

function notePendingJobs(queue: JobQueue): string {
  return [
    `sql -At > "$NOTES/${keysFile(queue)}" <<'SQL'`,
    `SELECT ${quoteIdentifier(queue.keyColumn)} FROM ${quoteTable(queue.table)}`,
    `WHERE ${quoteIdentifier(queue.statusColumn)}::text = ${sqlText(queue.pendingStatus)}`,
    'SQL',
    `wc -l < "$NOTES/${keysFile(queue)}"`,
  ].join('\n');
}

function holdJobs(queue: JobQueue): string {
  const status = quoteIdentifier(queue.statusColumn);
  const key = quoteIdentifier(queue.keyColumn);
  return [
    `( cd "$NOTES" && psql --dbname="$DATABASE_URL" --no-psqlrc --quiet \\`,
    "  --set=ON_ERROR_STOP=1 <<'SQL'",
    'CREATE TEMPORARY TABLE noted (key text);',
    `\\copy noted FROM '${keysFile(queue)}'`,
    `UPDATE ${quoteTable(queue.table)} SET ${status} = ${sqlText(queue.heldStatus)}`,
    `WHERE ${status}::text = ${sqlText(queue.pendingStatus)}`,
    `  AND ${key}::text NOT IN (SELECT key FROM noted)`,
    `RETURNING ${key} AS "held, since it was done before the restore";`,
    'SQL',
    ')',
  ].join('\n');
}

function mendLogin({ role, variable }: Policy['applicationRoles'][number]): string {
  return [
    `LOGIN="$(variables | jq --raw-output .${variable})"`,
    `if SQL_DATABASE="$LOGIN" LC_ALL=C sql -Atc 'SELECT 1' > /dev/null \\`,
    `  2> "$NOTES/login.txt"; then echo ${shellWord(`${role} can log in`)}`,
    `elif grep -q 'authentication failed' "$NOTES/login.txt"; then`,
    `  LOGIN="$LOGIN" scram ${shellWord(role)} | sql &&`,
    `    SQL_DATABASE="$LOGIN" sql -Atc "SELECT 'mended: ${role} can log in'"`,
    `else echo 'LOOK AT THIS: it could not be tried'; cat "$NOTES/login.txt"; fi`,
  ].join('\n');
}

function setLogin({ role, variable }: Policy['applicationRoles'][number]): string {
  return `LOGIN="$(variables | jq --raw-output .${variable})" &&\n  LOGIN="$LOGIN" scram ${shellWord(role)} | sql`;
}
