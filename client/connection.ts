import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { CommandStopped } from './command-stopped.ts';
import type { EnvironmentVariables } from './context.ts';
import { exitCodes } from './exit-codes.ts';

/** How long Temporal may take to answer the first call, in ms. */
const connectTimeoutMs = 5000;

/** A connection to Temporal and the namespace that the runbooks live in. */
export interface TemporalAccess {
  readonly client: Client;
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

/**
 * Connects to Temporal as `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_TLS…`, `TEMPORAL_API_KEY` or a profile of
 * `temporal.toml` say; without any of them to localhost:7233.
 *
 * @throws CommandStopped with exit code 2 when the settings cannot be used, with 3 when nobody answers within 5 s
 */
export async function connectToTemporal(environment: EnvironmentVariables): Promise<TemporalAccess> {
  const { connectionOptions, namespace = 'default' } = readSettings(environment);
  const { address = 'localhost:7233', tls, apiKey, metadata } = connectionOptions;
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: connectTimeoutMs,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    return {
      client: new Client({ connection, namespace }),
      namespace,
      close: () => connection.close(),
    };
  } catch {
    throw new CommandStopped(exitCodes.unknown, {
      happened: `Temporal at ${address} did not answer within ${connectTimeoutMs / 1000} s.`,
      meaning: 'How the recovery stands is not known. A run that was started goes on without this command.',
      next: 'Check that the Temporal server runs and that TEMPORAL_ADDRESS (and TLS) are right, then try again.',
    });
  }
}

function readSettings(environment: EnvironmentVariables) {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) given[name] = value;
  try {
    return loadClientConnectConfig({ overrideEnvVars: given });
  } catch (error) {
    throw new CommandStopped(exitCodes.refused, {
      happened: `The settings for Temporal cannot be used: ${reasonOf(error)}`,
      meaning: 'Nothing was changed.',
      next: 'Correct the TEMPORAL_… variables or the file temporal.toml.',
    });
  }
}

/** The first line only: what follows may quote the file, with a secret in it. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable';
}
