import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ledgerEntryShape } from '../../uploads/ledger-entry.ts';
import type { LedgerEntry, SyncState } from '../../uploads/ports.ts';
import { fileErrorCode, inTree } from './failure.ts';
import { createPendingUploads } from './pending-uploads.ts';
import { sortItems } from './sorted-items.ts';

const forgottenShape = z.object({ forgotten: z.string() });
const lineShape = z.union([ledgerEntryShape, forgottenShape]);

/** Recorded entries wait so long before they are written, in ms: what a kill costs is compared again, not lost. */
const writeEveryMs = 250;

/**
 * Opens what a synchronisation remembers: a ledger of JSON lines that is only appended to, and the uploads in progress.
 * A line that a crash cut off is passed over; an object without a line is compared by content.
 *
 * @param options.folder is made when it is missing; keep it beside the objects, not among them
 * @param options.runItems items that are sorted in memory at once; 50,000 (about 15 MB) when not given
 */
export async function openSyncState(options: {
  readonly folder: string;
  readonly runItems?: number;
}): Promise<SyncState> {
  const { folder, runItems = 50_000 } = options;
  const ledger = join(folder, 'ledger.jsonl');
  const spools = join(folder, 'sorting');
  await inTree(`opening "${folder}"`, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(spools, { recursive: true, force: true });
  });
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let failed: unknown;
  let recorded = 0;
  let sorts = 0;

  // Lines that could not be written wait for the next time: the disk may be full only while a file is being written.
  const write = (): Promise<void> => {
    writing = writing.then(async () => {
      const lines = waiting;
      if (lines.length === 0) return;
      waiting = [];
      try {
        await appendFile(ledger, `\n${lines.join('\n')}\n`);
        failed = undefined;
      } catch (error) {
        waiting = [...lines, ...waiting];
        failed = error;
      }
    });
    return writing;
  };
  const timer = setInterval(() => void write(), writeEveryMs);
  timer.unref();
  const append = (line: object) => {
    waiting.push(JSON.stringify(line));
    recorded += 1;
  };

  async function* entries(): AsyncGenerator<LedgerEntry> {
    // A forgotten key is an entry that no object can match, so that sorting alone puts it last.
    for await (const line of readLines(ledger)) {
      const parsed = lineShape.safeParse(line);
      if (!parsed.success) continue;
      yield 'forgotten' in parsed.data ? nothing(parsed.data.forgotten) : parsed.data;
    }
  }

  const sorted: SyncState['sorted'] = (items, order, parse) => {
    sorts += 1;
    return sortItems(items, { order, parse, runItems, folder: join(spools, String(sorts)) });
  };

  return {
    entries,
    record: append,
    forget: (key) => append({ forgotten: key }),
    async save() {
      await inTree('writing the ledger of the uploads', async () => {
        await write();
        if (failed !== undefined) throw failed;
      });
      if (recorded === 0) return;
      recorded = 0;
      await inTree('writing the ledger of the uploads', () => compact(ledger, entries, sorted));
    },
    ...createPendingUploads(join(folder, 'pending')),
    sorted,
    async close() {
      clearInterval(timer);
      await write();
      await rm(spools, { recursive: true, force: true });
    },
  };
}

function nothing(key: string): LedgerEntry {
  const none = '';
  return {
    key,
    bytes: -1,
    held: none,
    peer: { place: none, stamp: none },
    modifiedMs: 0,
    digest: none,
    attributes: {},
  };
}

async function* readLines(path: string): AsyncGenerator<unknown> {
  const input = createReadStream(path);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      try {
        yield JSON.parse(line);
      } catch {
        // Cut off by a crash, or the empty line before an append.
      }
    }
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error;
  } finally {
    input.destroy();
  }
}

async function compact(
  path: string,
  entries: () => AsyncIterable<LedgerEntry>,
  sorted: SyncState['sorted'],
): Promise<void> {
  const items = await sorted(
    entries(),
    ({ key }) => key,
    (stored) => ledgerEntryShape.parse(stored),
  );
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    let last: LedgerEntry | undefined;
    let lines: string[] = [];
    const put = (entry: LedgerEntry | undefined) => {
      if (entry !== undefined && entry.bytes >= 0) lines.push(`${JSON.stringify(entry)}\n`);
    };
    for await (const entry of items.read()) {
      if (last !== undefined && last.key !== entry.key) put(last);
      last = entry;
      if (lines.length >= 1_000) {
        await file.writeFile(lines.join(''));
        lines = [];
      }
    }
    put(last);
    await file.writeFile(lines.join(''));
    await file.sync();
  } finally {
    await file.close();
    await items.dispose();
  }
  await rename(temporary, path);
}
