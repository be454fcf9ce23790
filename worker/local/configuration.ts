import { basename } from 'node:path';
import { Command, CommanderError } from 'commander';
import { config } from 'dotenv';
import { DrError } from '../../activities/errors.ts';
import { createKeyring } from '../../activities/vault/keyring.ts';
import { passphraseFrom } from '../../activities/vault/passphrase.ts';
import { decryptFile, encryptFile } from './configuration-files.ts';

/** What a script learns: done; tried and refused (altered, wrong passphrase); not tried (usage, files, passphrase). */
const exits = { done: 0, failed: 1, notTried: 2 } as const;

config({ quiet: true });
const keyring = createKeyring({ passphrase: passphraseFrom(process.env) });

const program = new Command('configuration')
  .description(
    'Encrypts and decrypts the file of environment variables. The passphrase comes from BACKUP_PASSPHRASE or ' +
      'BACKUP_PASSPHRASE_FILE, never from an argument.',
  )
  .exitOverride();

program
  .command('encrypt')
  .argument('<file>', 'such as .env.production')
  .option('--out <file>', 'where to write it; <file>.enc when not given, and <file>.enc.hmac beside it')
  .addHelpText('after', '\nExample: npm run -s configuration:encrypt -- .env.production')
  .action(async (file: string, options: { out?: string }) => {
    const out = options.out ?? `${file}.enc`;
    const { readWith } = await encryptFile({ file, out }, keyring);
    console.error(
      `Written: ${out} and ${out}.hmac; keep them together. By hand it is read with:\n  ${readWith}`,
    );
  });

program
  .command('decrypt')
  .argument('<file>', 'such as .env.production.enc')
  .option('--out <file>', 'where to write it, - for standard output; <file> without .enc when not given')
  .option('--replace', 'write over a file that is there')
  .option('--without-note', 'accept a file of ours whose .hmac file is gone')
  .addHelpText('after', '\nExample: npm run -s configuration:decrypt -- .env.production.enc --out -')
  .action(async (file: string, options: { out?: string; replace?: true; withoutNote?: true }) => {
    const out = options.out ?? file.replace(/\.enc$/, '');
    const replace = options.replace === true;
    const withoutNote = options.withoutNote === true;
    const { authenticated, method } = await decryptFile({ file, out, replace, withoutNote }, keyring);
    console.error(
      authenticated
        ? `${basename(file)} is authentic: it is what was encrypted.`
        : `NOT AUTHENTICATED: ${basename(file)} (openssl enc ${method}) reads like environment variables, but whether ` +
            'it was altered cannot be told. Check the values before using them, and encrypt it anew.',
    );
  });

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exits.done : exits.notTried;
  } else if (error instanceof DrError) {
    console.error(error.message);
    process.exitCode = error.type === 'verification-failed' ? exits.failed : exits.notTried;
  } else {
    console.error('It failed in a way that nobody foresaw.');
    process.exitCode = exits.failed;
  }
}
