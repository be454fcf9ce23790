import type { OperationCheck } from '../../contracts/operations.ts';
import type { SecurityDifference } from '../../contracts/security.ts';
import { activities } from '../../runbook/activities.ts';
import { plural, utc } from '../../runbook/format.ts';
import type { ReviewContext } from './checks.ts';

const subjects = {
  network: 'network restrictions',
  ssl: 'TLS enforcement',
  grant: 'grants',
  'row-security': 'row-level security',
} as const satisfies Record<SecurityDifference['about'], string>;

/** Holds production against the policy's security baseline, and reads what the platform advises. */
export async function checkSecurityBaseline({ policy }: ReviewContext): Promise<readonly OperationCheck[]> {
  const { differences, advice } = await activities.securityScans.compareSecurity(policy.security.baseline);
  const compared = Object.entries(subjects).map(([about, name]) => {
    const found = differences.filter((difference) => difference.about === about);
    return {
      name: `security baseline: ${name}`,
      passed: found.length === 0,
      found:
        found.map((one) => `${one.what}: ${one.found}, wanted ${one.wanted}`).join('; ') ||
        'as the policy says',
      expected: 'no difference',
    };
  });
  return [...compared, adviceCheck(advice)];
}

/** What of it is accepted only people know: the review asks them. */
function adviceCheck(advice: readonly string[] | null): OperationCheck {
  const name = 'security advice of the platform';
  if (advice === null) return { name, passed: false, found: 'it could not be read', expected: 'none' };
  const found = advice.length === 0 ? 'none' : advice.join('; ');
  return { name, passed: advice.length === 0, advisory: true, found, expected: 'none' };
}

/** Tries to do what the baseline forbids. */
export async function checkSecurityProbes({ policy }: ReviewContext): Promise<readonly OperationCheck[]> {
  const probes = await activities.security.probeSecurity(policy.security.baseline);
  return probes.map(({ what, held, found }) => ({
    name: `turned away: ${what}`,
    passed: held,
    found,
    expected: 'turned away',
  }));
}

/** How old each credential is, and whether the platform has keys that nobody declared. */
export async function checkCredentials({ policy }: ReviewContext): Promise<readonly OperationCheck[]> {
  const { credentials, credentialMaxAgeMs } = policy.security;
  const inventory = await activities.credentialReads.takeCredentialInventory(credentials);
  const expected = `exchanged within ${days(credentialMaxAgeMs)}`;
  const ages = inventory.credentials.map(({ id, rotatedAt, stage }): OperationCheck => {
    const name = `age of the credential ${id}`;
    // One that came with the project is as old as that, which nothing here tells.
    if (rotatedAt === null) {
      return { name, passed: false, advisory: true, found: 'never exchanged here', expected };
    }
    const ageMs = Date.now() - Date.parse(rotatedAt);
    const done = stage === 'old-revoked';
    return {
      name,
      passed: done && ageMs <= credentialMaxAgeMs,
      found: `exchanged ${days(ageMs)} ago (${utc(rotatedAt)})${done ? '' : `, but not to its end: ${stage}`}`,
      expected,
    };
  });
  const { undeclared } = inventory;
  return [
    ...ages,
    {
      name: 'no key at the platform beside the declared ones',
      passed: undeclared.length === 0,
      // A publishable key is in every browser: it opens what row-level security leaves open, and is no secret.
      advisory: undeclared.every((key) => key.startsWith('publishable ')),
      found: undeclared.length === 0 ? 'none' : undeclared.join(', '),
      expected: 'none',
    },
  ];
}

/** Whether everybody whom the policy names takes mail, and whether two of them may approve. */
export async function checkContacts({
  environment,
  policy,
  title,
  runId,
}: ReviewContext): Promise<readonly OperationCheck[]> {
  const recipients = [
    ...new Set([
      ...policy.people.map(({ email }) => email),
      ...policy.mail.team,
      policy.backups.alertAddress,
    ]),
  ];
  const { sent, reason } = await activities.quickNotification.mailTeam({
    recipients,
    subject: `${title}: you are a contact`,
    lines: [
      `The recovery plan of ${environment} names this address. Nothing failed: this mail shows that it is reached.`,
      'Who should not be named there any more tells the owner of the plan.',
    ],
    dedupeKey: `contacts/${runId}`,
  });
  const approvers = new Set(
    policy.people.filter(({ mayApprove }) => mayApprove).map(({ email }) => email.toLowerCase()),
  );
  return [
    {
      name: 'contacts of the policy take mail',
      passed: sent === recipients.length,
      found: `${sent} of ${plural(recipients.length, 'address', 'addresses')}${reason === null ? '' : `: ${reason}`}`,
      expected: 'the mail server takes mail for each',
    },
    {
      name: 'people who may approve',
      passed: approvers.size > 1,
      found: [...approvers].join(', ') || 'nobody',
      expected: 'two, with addresses of their own',
    },
  ];
}

/** Whether the programs that backups are made with fit the database. */
export async function checkPrograms({ policy }: ReviewContext): Promise<readonly OperationCheck[]> {
  const [dump, { majorVersion, version }] = await Promise.all([
    activities.probes.readDumpVersion(),
    activities.probes.probeDatabase({ operatorCidrs: policy.fence.operatorCidrs }),
  ]);
  return [
    {
      name: 'pg_dump fits the database',
      passed: dump >= majorVersion,
      found: `pg_dump ${dump}, PostgreSQL ${version}`,
      expected: 'pg_dump not older than the server',
    },
  ];
}

function days(ms: number): string {
  return plural(Math.floor(ms / (24 * 3_600_000)), 'day', 'days');
}
