import type { Advisory, SecuritySettings } from '../../ports.ts';
import { advisoriesAnswer, sslEnforcementAnswer } from './answers.ts';
import { call, type SupabaseAccess } from './client.ts';

const levels: ReadonlyMap<string, Advisory['level']> = new Map([
  ['ERROR', 'error'],
  ['WARN', 'warning'],
  ['INFO', 'information'],
]);

/**
 * How Supabase guards the database, by its Management API. The advisors are marked experimental there.
 *
 * @returns settings whose methods throw the `provider-*` errors
 */
export function createSupabaseSecurity(access: SupabaseAccess): SecuritySettings {
  return {
    async sslEnforcement() {
      const { currentConfig, appliedSuccessfully } = await call(access, {
        method: 'GET',
        path: '/ssl-enforcement',
        purpose: 'reading whether TLS is enforced',
        expectedStatus: 200,
        answer: sslEnforcementAnswer,
      });
      return { enforced: currentConfig.database, inForce: appliedSuccessfully };
    },

    async enforceSsl(enforced) {
      await call(access, {
        method: 'PUT',
        path: '/ssl-enforcement',
        purpose: `switching the enforcement of TLS ${enforced ? 'on' : 'off'}`,
        expectedStatus: 200,
        answer: sslEnforcementAnswer,
        body: { requestedConfig: { database: enforced } },
      });
    },

    async advisories(topic) {
      const { lints } = await call(access, {
        method: 'GET',
        path: `/advisors/${topic}`,
        purpose: `reading the advice on ${topic}`,
        expectedStatus: 200,
        answer: advisoriesAnswer,
      });
      return lints.map(({ name, level, detail, remediation, metadata }) => ({
        name,
        level: levels.get(level) ?? 'unknown',
        object: metadata?.schema && metadata.name ? `${metadata.schema}.${metadata.name}` : null,
        detail,
        remediation,
      }));
    },
  };
}
