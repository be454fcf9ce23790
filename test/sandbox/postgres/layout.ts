import { join } from 'node:path';
import {
  type ServerLayout,
  serverLayout,
} from '../../../activities/adapters/scratch-postgres/server-layout.ts';

/** Where everything of one cluster lies. Only `data` is rewound by a restore. */
export interface ClusterLayout extends ServerLayout {
  readonly archive: string;
  readonly baseBackups: string;
  readonly kept: string;
  readonly accessRules: string;
  readonly userNameMap: string;
}

/** The layout below one folder. */
export function clusterLayout(root: string): ClusterLayout {
  return {
    ...serverLayout(root),
    archive: join(root, 'archive'),
    baseBackups: join(root, 'base-backups'),
    kept: join(root, 'kept'),
    accessRules: join(root, 'pg_hba.conf'),
    userNameMap: join(root, 'pg_ident.conf'),
  };
}
