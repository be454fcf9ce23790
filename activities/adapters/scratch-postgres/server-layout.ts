import { join } from 'node:path';

/** The account that a server runs under, as numbers for `spawn`. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Where the files of one server lie. */
export interface ServerLayout {
  readonly root: string;
  readonly data: string;
  readonly configuration: string;
  readonly log: string;
  /** Process id of the Node process that owns the server. */
  readonly ownerPid: string;
  /** Process id of the postmaster, written as soon as it is spawned. */
  readonly serverPid: string;
}

/** The layout below one folder. */
export function serverLayout(root: string): ServerLayout {
  return {
    root,
    data: join(root, 'data'),
    configuration: join(root, 'postgresql.conf'),
    log: join(root, 'postgresql.log'),
    ownerPid: join(root, 'owner.pid'),
    serverPid: join(root, 'server.pid'),
  };
}
