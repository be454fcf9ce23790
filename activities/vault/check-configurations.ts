import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import type { VaultReading } from './dependencies.ts';
import { describeFailure, type VaultLocation, type VaultWork } from './location.ts';
import { newestStoredConfiguration, openStoredConfiguration } from './stored-configuration.ts';

const hourMs = 3_600_000;

/**
 * Looks at every location whether the newest stored configuration decrypts, is authentic, and is not too old.
 *
 * @param input.now RFC 3339
 * @param input.freshWithinMs how old it may be, in ms
 * @returns one check a location; a failed one, and a location that does not answer, never throws
 */
export async function checkConfigurations(
  deps: VaultReading,
  input: { readonly now: string; readonly freshWithinMs: number },
  work: VaultWork,
): Promise<readonly OperationCheck[]> {
  const checks: OperationCheck[] = [];
  for (const location of deps.locations) {
    work.signal.throwIfAborted();
    work.progress(`configuration at ${location.name}`, 0);
    const { passed, found } = await look(location, deps, input).catch((error: unknown) => ({
      passed: false,
      found: describeFailure(error).message,
    }));
    checks.push({
      name: `configuration decrypts (${location.name})`,
      passed,
      found,
      expected: `one that is authentic, at most ${hours(input.freshWithinMs)} old`,
    });
  }
  return checks;
}

async function look(
  { store }: VaultLocation,
  { keyring }: VaultReading,
  { now, freshWithinMs }: { readonly now: string; readonly freshWithinMs: number },
): Promise<{ readonly passed: boolean; readonly found: string }> {
  const key = await newestStoredConfiguration(store);
  if (key === undefined) return { passed: false, found: 'none' };
  const { note } = await openStoredConfiguration(store, key, keyring);
  const ageMs = Date.parse(now) - Date.parse(note.writtenAt);
  return { passed: ageMs <= freshWithinMs, found: `${key}, ${hours(ageMs)} old` };
}

function hours(ms: number): string {
  return `${(ms / hourMs).toFixed(1)} h`;
}
