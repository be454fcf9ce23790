import type { ProbeGroup } from './look.ts';
import { adviceProbe } from './probes/advice.ts';
import { applicationProbes } from './probes/application.ts';
import { applicationPlatformProbes } from './probes/application-platform.ts';
import { backupAgeProbe } from './probes/backup-age.ts';
import { databaseProbes } from './probes/database.ts';
import { databaseLogProbe } from './probes/database-log.ts';
import { databaseProviderProbe } from './probes/database-provider.ts';
import { pagesProbe } from './probes/pages.ts';
import { rolesProbe } from './probes/roles.ts';

/** Everything that is looked at; each in its own time, so that one that hangs delays no other. */
export const probeGroups: readonly ProbeGroup[] = [
  applicationProbes,
  databaseProviderProbe,
  applicationPlatformProbes,
  databaseLogProbe,
  databaseProbes,
  pagesProbe,
  rolesProbe,
  adviceProbe,
  backupAgeProbe,
];
