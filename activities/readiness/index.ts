import { Context } from '@temporalio/activity';
import type {
  DatabaseFacts,
  DeploymentFacts,
  MonitorFacts,
  NewestBackupFacts,
  OrchestratorFacts,
  StoreFacts,
} from '../../workflows/contracts/readiness-facts.ts';
import type { ProjectIdentity } from '../../workflows/contracts/recovery-point.ts';
import type { ReadinessDependencies } from './dependencies.ts';
import { probeDatabase } from './probe-database.ts';
import { probeDeployments } from './probe-deployments.ts';
import { probeNewestBackups } from './probe-newest-backups.ts';
import { probeStores } from './probe-stores.ts';

/**
 * Activities that look whether a recovery could begin now. They change nothing in production; only our own stores get a
 * small object for a moment. Each throws the errors of what it asks.
 */
export function createReadinessActivities(deps: ReadinessDependencies) {
  return {
    /** Reads which project the provider's token reaches. Throws `provider-*`. */
    readProject: (): Promise<ProjectIdentity> => deps.platform.identity(),
    /** See {@link probeDatabase}. */
    probeDatabase: (input: { readonly operatorCidrs: readonly string[] }): Promise<DatabaseFacts> =>
      probeDatabase(deps.database, input),
    /** Compares the provider's clock with the worker's, ms. Throws `provider-*`. */
    compareProviderClock: (): Promise<{ readonly aheadMs: number; readonly errorMs: number }> =>
      deps.providerClock.compare(),
    /** Major version of the `pg_dump` that is found. Throws `toolbox-missing` or `configuration-invalid`. */
    readDumpVersion: (): Promise<number> => deps.postgresPrograms.dumpVersion(),
    /** See {@link probeDeployments}. */
    probeDeployments: (): Promise<DeploymentFacts> => probeDeployments(deps.applicationPlatform),
    /** See {@link probeStores}. */
    probeStores: (): Promise<readonly StoreFacts[]> => probeStores(deps.locations),
    /** See {@link probeNewestBackups}. */
    probeNewestBackups: (): Promise<readonly NewestBackupFacts[]> => {
      const context = Context.current();
      return probeNewestBackups(deps, {
        signal: context.cancellationSignal,
        progress: (doing, bytes) => context.heartbeat({ doing, bytes }),
      });
    },
    /** Connects to the mail server and logs in; sends nothing. Throws `mail-*` or `configuration-invalid`. */
    verifyMailServer: (): Promise<void> => deps.mailServer.verify(),
    /** Whether alerts have a second road. */
    hasWebhook: async (): Promise<boolean> => deps.hasWebhook,
    /** See `OrchestratorCheck`. Throws `orchestrator-unavailable`. */
    readOrchestrator: (): Promise<OrchestratorFacts> => deps.orchestrator.readFacts(),
    /** See `OrchestratorCheck`. Throws `orchestrator-unavailable`. */
    readMonitor: ({ environment }: { readonly environment: string }): Promise<MonitorFacts | null> =>
      deps.orchestrator.readMonitor(environment),
  };
}

/** The readiness activities as a workflow calls them. */
export type ReadinessActivities = ReturnType<typeof createReadinessActivities>;
