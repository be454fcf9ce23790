import { type AlertListener, startAlertListener } from '../activities/adapters/alert-listener/index.ts';
import type { MonitorOrders } from '../activities/ports.ts';
import type { Configuration } from './configuration.ts';

/**
 * Listens for alerts of other systems, where a port is configured.
 *
 * @returns null where none is
 * @throws DrError `configuration-invalid` for a port that cannot be listened on
 */
export async function listenForAlerts(
  configuration: Configuration,
  monitor: MonitorOrders,
): Promise<AlertListener | null> {
  const {
    MONITOR_WEBHOOK_PORT: port,
    MONITOR_WEBHOOK_HOST: host,
    MONITOR_WEBHOOK_SECRET: secret,
    DR_ENVIRONMENT: environment,
  } = configuration;
  if (port === undefined || secret === undefined) return null;
  return startAlertListener({
    port,
    host,
    secret,
    deliver: (order) => monitor.give(environment, order),
  });
}
