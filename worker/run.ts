import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { taskQueue } from '../workflows/contracts/names.ts';
import type { Policy } from '../workflows/contracts/policy.ts';
import { ActivityInterceptor } from './activity-interceptor.ts';
import { bundleWorkflows } from './bundle.ts';
import { composeActivities } from './compose.ts';
import { type Configuration, secretsOf } from './configuration.ts';
import { listenForAlerts } from './listen-for-alerts.ts';

/** How long activities under way may go on at a shutdown before they are cancelled, to be tried by the next worker. */
const shutdownGrace = '30 seconds';
/** What tells the SDK's worker to stop. */
const shutdownSignals = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2'] as const;
/** How soon Temporal gives a dead worker's run to another; the SDK's default is 10 s. */
const stickyTimeout = '5 seconds';

/**
 * Runs a worker until it is told to stop (SIGINT, SIGTERM), then drains it and closes every connection.
 *
 * @param onReady called once it polls
 */
export async function runWorker(
  configuration: Configuration,
  policy: Policy,
  onReady: (address: string) => void = () => {},
): Promise<void> {
  const temporal = loadClientConnectConfig();
  const { connectionOptions, namespace } = temporal;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of shutdownSignals) process.once(signal, stop);
  const composed = composeActivities(configuration, policy, temporal, stopping.signal);
  try {
    const connection = await NativeConnection.connect(connectionOptions);
    try {
      const secrets = secretsOf(configuration);
      const bundle = configuration.DR_WORKFLOW_BUNDLE;
      const worker = await Worker.create({
        connection,
        namespace: namespace ?? 'default',
        taskQueue,
        workflowBundle:
          bundle === undefined ? await bundleWorkflows(Runtime.instance().logger) : { codePath: bundle },
        activities: composed.activities,
        interceptors: { activity: [(context) => ({ inbound: new ActivityInterceptor(context, secrets) })] },
        shutdownGraceTime: shutdownGrace,
        stickyQueueScheduleToStartTimeout: stickyTimeout,
      });
      const alerts = await listenForAlerts(configuration, composed.monitor);
      try {
        const running = worker.run();
        onReady(connectionOptions.address ?? 'localhost:7233');
        await running;
      } finally {
        await alerts?.close();
      }
    } finally {
      await connection.close();
    }
  } finally {
    for (const signal of shutdownSignals) process.off(signal, stop);
    await composed.close();
  }
}
