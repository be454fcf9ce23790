import { readFile } from 'node:fs/promises';
import { DrError } from '../errors.ts';

/** Fetches the passphrase anew each time, so that it lies nowhere longer than needed. */
export type PassphraseSource = () => Promise<string>;

/** Shorter ones are refused: whoever has a backup can try passphrases at leisure. */
const minimumLength = 12;

/**
 * Where the passphrase comes from: the variable BACKUP_PASSPHRASE, or the first line of the file that
 * BACKUP_PASSPHRASE_FILE names (both as `openssl -pass env:` and `-pass file:` read them).
 *
 * @param environment the variables; read at each call
 * @returns a source that throws `configuration-invalid` (not retried) and never shows what it found
 */
export function passphraseFrom(environment: NodeJS.ProcessEnv): PassphraseSource {
  return async () => {
    const direct = environment['BACKUP_PASSPHRASE'];
    const path = environment['BACKUP_PASSPHRASE_FILE'];
    if (direct !== undefined && path !== undefined) {
      throw unusable('Both BACKUP_PASSPHRASE and BACKUP_PASSPHRASE_FILE are set.');
    }
    if (direct !== undefined) return requireUsable(direct, 'BACKUP_PASSPHRASE');
    if (path === undefined) throw unusable('Neither BACKUP_PASSPHRASE nor BACKUP_PASSPHRASE_FILE is set.');
    const text = await readFile(path, 'utf8').catch(() => {
      throw unusable('The file that BACKUP_PASSPHRASE_FILE names cannot be read.');
    });
    return requireUsable(text.split(/\r?\n/, 1)[0] ?? '', 'The first line of BACKUP_PASSPHRASE_FILE');
  };
}

function requireUsable(passphrase: string, name: string): string {
  if (/[\0\r\n]/.test(passphrase)) throw unusable(`${name} holds a line end.`);
  if (passphrase.length >= minimumLength) return passphrase;
  throw unusable(`${name} has ${passphrase.length} characters; at least ${minimumLength} are needed.`);
}

function unusable(happened: string): DrError {
  return new DrError('configuration-invalid', {
    happened,
    meaning: 'Without the passphrase nothing is encrypted, and no backup can be read.',
    next: 'Set exactly one of the two variables, and keep the passphrase where a recovery can reach it.',
  });
}
