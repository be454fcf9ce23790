import { DrError } from '../../errors.ts';
import type { ScratchServer, ScratchServers } from '../../ports.ts';
import { existingServer } from './existing-server.ts';
import { type OwnServerOptions, startOwnServer } from './own-server.ts';
import { PostgresFailed } from './postgres-failed.ts';

/** Which server backups are restored into for a test: one made for it, or one that is there. */
export type ScratchPostgresOptions =
  | OwnServerOptions
  | {
      /** Of a role that may create databases. A secret: appears in no message. */
      readonly connectionString: string;
    };

/**
 * Servers to restore into for a test.
 *
 * @returns `open` throws `restore-test-failed` or `configuration-invalid` (not retried)
 */
export function createScratchPostgres(options: ScratchPostgresOptions): ScratchServers {
  return {
    async open(): Promise<ScratchServer> {
      if ('connectionString' in options) return existingServer(options.connectionString);
      try {
        return await startOwnServer(options);
      } catch (error) {
        const reason =
          error instanceof PostgresFailed ? error.message : 'the folder for it could not be made';
        throw new DrError(
          'restore-test-failed',
          {
            happened: `A server for the restore test could not be started (${reason}).`,
            meaning: 'The restore test was not carried out: it says nothing about the backup.',
            next: 'Look at free space and rights of the temporary folder, then run the restore test again.',
          },
          { cause: error },
        );
      }
    },
  };
}
