import { z } from 'zod';
import { type SyncInput, syncUploads } from '../../../activities/uploads/index.ts';
import { composeUploads, type StoreSettings } from '../../../worker/local/uploads.ts';

const place = z.union([
  z.object({ kind: z.literal('bucket'), store: z.string(), bucket: z.string() }),
  z.object({ kind: z.literal('folder'), folder: z.string() }),
]);
const task = z.object({
  stores: z.record(
    z.string(),
    z.object({
      endpoint: z.string(),
      region: z.string(),
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
    }),
  ),
  stateFolder: z.string(),
  from: place,
  to: place,
});

/**
 * A synchronisation in a process of its own: `faults.test.ts` kills it, `many.test.ts` measures it. Synchronises what its
 * argument says and prints the most memory that it ever had, in KiB, and what it did.
 */
const { stores, stateFolder, from, to } = task.parse(JSON.parse(process.argv[2] ?? ''));
const named: Readonly<Record<string, StoreSettings>> = stores;
const input: SyncInput = { from, to, purpose: 'backup', keepDays: 30, verify: 'changes' };
const result = await syncUploads(composeUploads({ stores: named, stateFolder }), input, {
  signal: new AbortController().signal,
  progress: () => undefined,
});
process.stdout.write(JSON.stringify({ mostKibibytes: process.resourceUsage().maxRSS, result }));
