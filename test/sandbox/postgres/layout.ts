import { join } from 'node:path';

/** Where everything of one cluster lies. Only `data` is rewound by a restore. */
export interface ClusterLayout {
  readonly root: string;
  readonly data: string;
  readonly archive: string;
  readonly baseBackups: string;
  readonly kept: string;
  readonly configuration: string;
  readonly accessRules: string;
  readonly userNameMap: string;
  readonly log: string;
  /** Process id of the Node process that owns the cluster. */
  readonly ownerPid: string;
  /** Process id of the postmaster, written as soon as it is spawned. */
  readonly serverPid: string;
}

/** The layout below one folder. */
export function clusterLayout(root: string): ClusterLayout {
  return {
    root,
    data: join(root, 'data'),
    archive: join(root, 'archive'),
    baseBackups: join(root, 'base-backups'),
    kept: join(root, 'kept'),
    configuration: join(root, 'postgresql.conf'),
    accessRules: join(root, 'pg_hba.conf'),
    userNameMap: join(root, 'pg_ident.conf'),
    log: join(root, 'postgresql.log'),
    ownerPid: join(root, 'owner.pid'),
    serverPid: join(root, 'server.pid'),
  };
}
