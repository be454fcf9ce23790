import { type LocatedProgram, type LocateOptions, locateProgram } from './locate.ts';
import { postgres, seaweed, temporal } from './pinned-program.ts';

export { folderClosedToOthers } from './cache-folder.ts';
export type { LocatedProgram, LocateOptions } from './locate.ts';
export { type ServerAccount, serverAccount } from './server-account.ts';

/**
 * Finds the `temporal` program.
 *
 * @returns its path
 * @throws DrError `configuration-invalid` or `toolbox-missing`, see {@link locateProgram}; not retried
 */
export function locateTemporal(options?: LocateOptions): Promise<LocatedProgram> {
  return locateProgram(temporal, options);
}

/**
 * Finds the PostgreSQL programs.
 *
 * @returns the path of their folder, readable by the account that the server runs under
 * @throws DrError `configuration-invalid` or `toolbox-missing`, see {@link locateProgram}; not retried
 */
export function locatePostgres(options?: LocateOptions): Promise<LocatedProgram> {
  return locateProgram(postgres, options);
}

/**
 * Finds SeaweedFS's `weed` program, an S3 server.
 *
 * @returns its path
 * @throws DrError `configuration-invalid` or `toolbox-missing`, see {@link locateProgram}; not retried
 */
export function locateSeaweed(options?: LocateOptions): Promise<LocatedProgram> {
  return locateProgram(seaweed, options);
}
