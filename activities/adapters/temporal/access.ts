import { Client, Connection } from '@temporalio/client';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { orchestratorFailure } from './failure.ts';

/** A way to Temporal that is opened when it is first needed. */
export interface TemporalAccess {
  readonly namespace: string;
  /**
   * Runs requests against Temporal, all of them within 30 s.
   *
   * @param doing what is being done, for a person, such as `reading the schedules`
   * @throws DrError `orchestrator-unavailable` (retried) or `configuration-invalid`; a DrError of `work` as it is
   */
  reach<T>(doing: string, work: (client: Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How long Temporal may take to answer the first call, and all calls of one {@link TemporalAccess.reach}, in ms. */
const connectTimeoutMs = 5_000;
const deadlineMs = 30_000;

/** Opens no connection yet; one that could not be made is tried anew at the next use. */
export function createTemporalAccess(settings: ClientConnectConfig): TemporalAccess {
  const { address = 'localhost:7233', tls, apiKey, metadata } = settings.connectionOptions;
  const namespace = settings.namespace ?? 'default';
  let opened: Promise<Connection> | undefined;

  const open = async (): Promise<Connection> => {
    const connection = Connection.lazy({
      address,
      connectTimeout: connectTimeoutMs,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    try {
      await connection.ensureConnected();
      return connection;
    } catch (error) {
      opened = undefined;
      await connection.close();
      throw error;
    }
  };

  return {
    namespace,
    async reach(doing, work) {
      try {
        opened ??= open();
        const connection = await opened;
        const client = new Client({ connection, namespace });
        return await connection.withDeadline(Date.now() + deadlineMs, () => work(client));
      } catch (error) {
        throw orchestratorFailure(error, doing, `namespace "${namespace}" at ${address}`);
      }
    },
    async close() {
      const connection = await opened?.catch(() => undefined);
      opened = undefined;
      await connection?.close();
    },
  };
}
