import { restrictionBody } from '../../../activities/adapters/supabase/network.ts';
import type { DeclaredCredential } from '../../../workflows/contracts/credentials.ts';
import type { Policy } from '../../../workflows/contracts/policy.ts';
import { sqlLines, sqlText } from './sql-text.ts';
import type { FillIns } from './template.ts';

const dayMs = 24 * 3_600_000;

/** What the texts about a breach take from the policy. */
export function securityFillIns({
  credentials,
  baseline,
  indicators,
  lookBackMs,
}: Policy['security']): FillIns {
  const days = Math.max(1, Math.ceil(lookBackMs / dayMs));
  return {
    credentials: credentials.map((credential) => `- ${credentialInWords(credential)}`).join('\n'),
    variablesMadeHere: variablesOf(credentials, ({ kind }) => kind === 'application-variable'),
    variablesLeftOut: variablesOf(credentials, ({ kind }) => kind === 'api-key'),
    lookBackDays: Array.from({ length: days }, (_, day) => day + 1).join(' '),
    indicators: indicators
      .map(({ name, sql }) => `\\echo ${sqlText(name)}\n${sqlLines(sql.replaceAll('$1', sinceSql(days)))};`)
      .join('\n'),
    baselineCidrs: baseline.allowedCidrs.join(', '),
    baselineFence: JSON.stringify(restrictionBody(baseline.allowedCidrs)),
    baselineTls: baseline.sslEnforced ? 'enforced' : 'not enforced',
    baselineSsl: JSON.stringify({ requestedConfig: { database: baseline.sslEnforced } }),
    baselineSchemas: baseline.schemas.map(sqlText).join(', '),
    absentGrants: baseline.absentGrants.map((grant) => `\`${grant}\``).join('; ') || 'nothing',
    rowSecurity: baseline.rowSecurity.join(', ') || 'no table',
  };
}

function variablesOf(
  credentials: readonly DeclaredCredential[],
  fits: (credential: DeclaredCredential) => boolean,
): string {
  return credentials
    .filter(fits)
    .flatMap((credential) => ('variables' in credential ? credential.variables : []))
    .join(' ');
}

function sinceSql(days: number): string {
  return `(now() - interval '${days} days')`;
}

function credentialInWords(credential: DeclaredCredential): string {
  const used =
    'variables' in credential && credential.variables.length > 0
      ? `, used in ${credential.variables.join(', ')}`
      : '';
  switch (credential.kind) {
    case 'database-password':
      return `${credential.id}: password of role ${credential.role}${used}`;
    case 'api-key':
      return `${credential.id}: ${credential.access} API key${used}${credential.endsLegacyKeys ? '; the legacy keys end with it' : ''}`;
    case 'jwt-signing-key':
      return `${credential.id}: key that signs users' tokens`;
    case 'application-variable':
      return `${credential.id}: random text of ${credential.bytes} bytes${used}`;
    case 's3-key':
      return `${credential.id}: the worker's key to the object store`;
  }
}
