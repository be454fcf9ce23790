import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import type { StandbyVariables } from '../../workflows/contracts/standby.ts';
import type { StandbyVariablesSource } from '../credentials/index.ts';
import { DrError } from '../errors.ts';
import { connectionTo } from '../restore-into/target-database.ts';
import { newestStoredConfiguration, openStoredConfiguration } from '../vault/stored-configuration.ts';
import {
  requireStandby,
  type StandbyDependencies,
  type StandbyEnvironment,
  type VariablesOfNow,
} from './dependencies.ts';

const fileName = 'standby.env';

/** Where the variables of the standby application lie. */
export function variablesFile({ folder }: StandbyEnvironment): string {
  return join(folder, fileName);
}

/** What {@link writeStandbyVariables} takes. */
export interface WriteStandbyVariablesInput {
  readonly database: string;
  /** Names of variables that must not be taken over, since what they hold was stolen; null where nothing was. */
  readonly stolen: readonly string[] | null;
}

/**
 * Decrypts the newest stored configuration and writes it for the standby application, with `DATABASE_URL` leading to the
 * standby database and without any secret that was exchanged since. Read from the first location that has an authentic
 * one. Idempotent. Values never leave this process but for that file (mode 600).
 *
 * @throws DrError `standby-missing`, `backup-invalid` when no location has one (not retried); where something was stolen,
 *   also what reading the sealed credentials throws
 */
export async function writeStandbyVariables(
  deps: StandbyDependencies,
  { database, stolen }: WriteStandbyVariablesInput,
): Promise<StandbyVariables> {
  const standby = requireStandby(deps);
  const { location, key, variables } = await readNewestConfiguration(deps);
  const { DATABASE_URL: _ofOldDatabase, ...inherited } = variables;
  const ofNow = await secretsOfNow(deps, inherited, stolen);
  const entries = Object.entries(ofNow.variables).filter(([name]) => stolen?.includes(name) !== true);
  const written = {
    ...Object.fromEntries(entries),
    DATABASE_URL: connectionTo(standby.databaseUrl, database),
  };
  await mkdir(standby.folder, { recursive: true, mode: 0o700 });
  const path = variablesFile(standby);
  await rm(path, { force: true });
  await writeFile(path, `${Object.entries(written).map(asLine).join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  return {
    configuration: key,
    location,
    names: Object.keys(written).sort(),
    replaced: ['DATABASE_URL', ...ofNow.replaced].sort(),
    leftOut: Object.keys(inherited)
      .filter((name) => !(name in written))
      .sort(),
    notCompared: ofNow.notCompared,
  };
}

/** Where nothing was stolen, an object store that is gone as well holds nothing back. */
async function secretsOfNow(
  { withoutExchanged }: StandbyDependencies,
  variables: Readonly<Record<string, string>>,
  stolen: readonly string[] | null,
): Promise<VariablesOfNow & Pick<StandbyVariables, 'notCompared'>> {
  try {
    return { ...(await withoutExchanged(variables)), notCompared: null };
  } catch (error) {
    if (stolen !== null || !(error instanceof DrError)) throw error;
    return { variables, replaced: [], leftOut: [], notCompared: error.explanation.happened };
  }
}

/** What the application takes over from production, and what it was started with. */
export function standbyVariablesSource(
  deps: Pick<StandbyDependencies, 'locations' | 'keyring' | 'standby'>,
): StandbyVariablesSource {
  return {
    inherited: async () => (await readNewestConfiguration(deps)).variables,
    inForce: async () => {
      if (deps.standby === null) return undefined;
      const text = await readFile(variablesFile(deps.standby), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : parse(text);
    },
  };
}

/** Removes the variables again; a file that is not there is success. */
export async function removeStandbyVariables(deps: Pick<StandbyDependencies, 'standby'>): Promise<void> {
  await rm(variablesFile(requireStandby(deps)), { force: true });
}

async function readNewestConfiguration({
  locations,
  keyring,
}: Pick<StandbyDependencies, 'locations' | 'keyring'>) {
  const reasons: string[] = [];
  for (const { name, store } of locations) {
    try {
      const key = await newestStoredConfiguration(store);
      if (key !== undefined) {
        const { plaintext } = await openStoredConfiguration(store, key, keyring);
        return { location: name, key, variables: parse(plaintext) };
      }
      reasons.push(`${name}: none`);
    } catch (error) {
      if (!(error instanceof DrError)) throw error;
      reasons.push(`${name}: ${error.explanation.happened}`);
    }
  }
  throw new DrError('backup-invalid', {
    happened: `No location holds a configuration that can be used: ${reasons.join('; ')}`,
    meaning: 'The application cannot be started with the variables of production.',
    next: 'Put the application’s variables into the configuration file by hand, give `npx dr backup configuration`, then retry.',
  });
}

/** Quoted so that a shell and dotenv read the same value. */
function asLine([name, value]: [string, string]): string {
  if (/^[\w@%+=:,./-]*$/.test(value)) return `${name}=${value}`;
  if (!value.includes("'")) return `${name}='${value}'`;
  if (!/["$`\\]/.test(value)) return `${name}="${value}"`;
  throw new DrError('configuration-invalid', {
    happened: `The variable ${name} holds quotes that a shell and dotenv read differently.`,
    meaning: 'The standby application would start with a wrong value, so it was not started.',
    next: 'Give the variable a value without single quotes beside other quotes, dollar signs or backslashes.',
  });
}
