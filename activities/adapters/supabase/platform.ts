import type { ProviderBackup } from '../../../workflows/contracts/recovery-point.ts';
import type { DatabasePlatform } from '../../ports.ts';
import {
  backupScheduleAnswer,
  backupsAnswer,
  healthAnswer,
  networkRestrictionsAnswer,
  projectAnswer,
} from './answers.ts';
import { call, type SupabaseAccess } from './client.ts';
import { allowedCidrs, restrictionBody } from './network.ts';
import { sendRestoreRequest } from './restore-request.ts';
import { platformStatus } from './status.ts';
import { utc } from './utc.ts';

// `db_postgres_user` and `pg_bouncer` exist on some projects only, and add nothing to `db` and `pooler`.
const services = ['auth', 'db', 'pooler', 'realtime', 'rest', 'storage'];

/**
 * Supabase as the host of the database, by its Management API. Every request ends after `access.timeoutMs`; none is
 * tried again here.
 *
 * @returns a platform whose methods throw the `provider-*` errors
 */
export function createSupabasePlatform(access: SupabaseAccess): DatabasePlatform {
  const project = (purpose: string) =>
    call(access, { method: 'GET', path: '', purpose, expectedStatus: 200, answer: projectAnswer });

  return {
    async identity() {
      const { ref, name, region } = await project('reading the project');
      return { provider: 'supabase', ref, name, region };
    },

    async status() {
      const { status } = await project('reading the project status');
      return { status: platformStatus(status), raw: status };
    },

    async services() {
      const query = new URLSearchParams(services.map((service): [string, string] => ['services', service]));
      const answer = await call(access, {
        method: 'GET',
        path: `/health?${query}`,
        purpose: 'reading the health of the services',
        expectedStatus: 200,
        answer: healthAnswer,
      });
      return answer.map(({ name, status, error }) => ({
        name,
        healthy: status === 'ACTIVE_HEALTHY',
        detail: error ?? status,
      }));
    },

    async recoverability() {
      const answer = await call(access, {
        method: 'GET',
        path: '/database/backups',
        purpose: 'listing the backups',
        expectedStatus: 200,
        answer: backupsAnswer,
      });
      const {
        earliest_physical_backup_date_unix: earliestUnix,
        latest_physical_backup_date_unix: latestUnix,
      } = answer.physical_backup_data;
      const window =
        answer.pitr_enabled && typeof earliestUnix === 'number' && typeof latestUnix === 'number'
          ? { earliestUnix, latestUnix }
          : null;
      const backups = answer.backups.map(
        (backup): ProviderBackup => ({
          id: typeof backup.id === 'number' ? String(backup.id) : null,
          insertedAt: utc(backup.inserted_at),
          status: backup.status,
        }),
      );
      return { pitrEnabled: answer.pitr_enabled, window, backups };
    },

    async dailyBackupTime() {
      const answer = await call(access, {
        method: 'GET',
        path: '/database/backups/schedule',
        purpose: 'reading the schedule of the daily backups',
        expectedStatus: 200,
        answer: backupScheduleAnswer,
      });
      return answer.schedule_for;
    },

    requestPointInTimeRestore: (input) => sendRestoreRequest(access, input),

    async networkRestrictions() {
      const answer = await call(access, {
        method: 'GET',
        path: '/network-restrictions',
        purpose: 'reading the network restrictions',
        expectedStatus: 200,
        answer: networkRestrictionsAnswer,
      });
      return { allowedCidrs: allowedCidrs(answer.config), inForce: answer.status === 'applied' };
    },

    async restrictNetwork(cidrs) {
      await call(access, {
        method: 'POST',
        path: '/network-restrictions/apply',
        purpose: 'restricting the network',
        expectedStatus: 201,
        answer: networkRestrictionsAnswer,
        body: restrictionBody(cidrs),
      });
    },
  };
}
