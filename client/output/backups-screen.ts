import Table from 'cli-table3';
import type { BackupListing, StoredBackupEntry } from '../../workflows/contracts/backups.ts';
import { bytes } from '../../workflows/runbook/format.ts';
import { commandText, nextLines } from './command-text.ts';
import { formatAgo } from './duration.ts';
import type { Screen } from './screen.ts';
import { borderless } from './table.ts';
import { hang } from './text.ts';

/** What is stored: two lines a backup, then what is wrong with a copy, and what to do next. */
export function backupsScreen(listing: BackupListing, screen: Screen): string[] {
  const { backups, environment, failures, older } = listing;
  const { width } = screen;
  const [named] = backups;
  return [
    ...(backups.length === 0 ? [`No backup of ${environment} is stored.`] : rows(listing, screen)),
    ...(older === 0 ? [] : [`${older} older ones are not shown (--limit).`]),
    ...failures.flatMap(({ location, why }) => hang(`not listed: ${location}: `, why, width)),
    ...(backups.length === 0
      ? []
      : hang(
          '',
          'Verified: read back whole when it was written; its manifest is authentic and its size right now.',
          width,
        )),
    ...nextLines(
      named === undefined
        ? [{ text: commandText({ command: 'backup', environment }), why: 'take one' }]
        : [
            { text: commandText({ command: 'backup validate', environment }), why: 'read the newest again' },
            {
              text: commandText({
                command: 'backup restore',
                environment,
                args: [named.key],
                options: { into: 'RESTORE_DATABASE_URL', database: 'NAME' },
              }),
              why: 'into a database of its own',
            },
          ],
      width,
    ),
  ];
}

function rows({ backups, at }: BackupListing, { width, style }: Screen): string[] {
  const table = new Table({
    ...borderless,
    head: ['SHOWS (UTC)', 'AGE', 'TIER', 'FORMAT', 'SIZE', 'VERIFIED AT'],
    colWidths: [16, 10, 8, 6, 9, 21],
  });
  for (const backup of backups) {
    const verified = backup.copies.flatMap((copy) => (copy.verified ? [copy.location] : []));
    table.push([
      backup.at.slice(0, 16).replace('T', ' '),
      formatAgo(Date.parse(at) - Date.parse(backup.at)),
      backup.tier,
      backup.format,
      bytes(backup.bytes),
      verified.length === 0 ? 'NOWHERE' : verified.join(' '),
    ]);
  }
  const [head = '', ...lines] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [
    head,
    ...lines.flatMap((line, index) => {
      const backup = backups[index];
      if (backup === undefined) return [line];
      return [
        line,
        style('faint', `  ${backup.key}`),
        ...problems(backup, width).map((text) => style('bad', text)),
      ];
    }),
  ];
}

function problems({ copies }: StoredBackupEntry, width: number): string[] {
  return copies.flatMap((copy) =>
    copy.verified ? [] : hang(`  NOT VERIFIED at ${copy.location}: `, copy.why, width),
  );
}
