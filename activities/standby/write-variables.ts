import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import type { StandbyVariables } from '../../workflows/contracts/standby.ts';
import { DrError } from '../errors.ts';
import { connectionTo } from '../restore-into/target-database.ts';
import { newestStoredConfiguration, openStoredConfiguration } from '../vault/stored-configuration.ts';
import { requireStandby, type StandbyDependencies, type StandbyEnvironment } from './dependencies.ts';

const fileName = 'standby.env';

/** Where the variables of the standby application lie. */
export function variablesFile({ folder }: StandbyEnvironment): string {
  return join(folder, fileName);
}

/**
 * Decrypts the newest stored configuration and writes it for the standby application, with `DATABASE_URL` leading to the
 * standby database. Read from the first location that has an authentic one. Idempotent. Values never leave this process
 * but for that file (mode 600).
 *
 * @throws DrError `standby-missing`, `backup-invalid` when no location has one (not retried)
 */
export async function writeStandbyVariables(
  deps: StandbyDependencies,
  { database }: { readonly database: string },
): Promise<StandbyVariables> {
  const standby = requireStandby(deps);
  const { location, key, variables } = await readNewestConfiguration(deps);
  const written = { ...variables, DATABASE_URL: connectionTo(standby.databaseUrl, database) };
  await mkdir(standby.folder, { recursive: true, mode: 0o700 });
  const path = variablesFile(standby);
  await rm(path, { force: true });
  await writeFile(path, `${Object.entries(written).map(asLine).join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  return { configuration: key, location, names: Object.keys(written).sort(), replaced: ['DATABASE_URL'] };
}

/** Removes the variables again; a file that is not there is success. */
export async function removeStandbyVariables(deps: StandbyDependencies): Promise<void> {
  await rm(variablesFile(requireStandby(deps)), { force: true });
}

async function readNewestConfiguration({ locations, keyring }: StandbyDependencies) {
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
