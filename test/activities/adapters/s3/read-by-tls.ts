import { createHash } from 'node:crypto';
import { createRangeReader } from '../../../../activities/adapters/s3/range-reader.ts';

/** The process that `range-reader.test.ts` starts with a certificate to trust: reads a range, prints its SHA-256. */
const [, , address = '', bytes = ''] = process.argv;
const reader = createRangeReader({ url: new URL(address), timeoutMs: 5_000 });
const hash = createHash('sha256');
await reader.read(
  { path: '/bucket/key', headers: { host: 'store' } },
  Number(bytes),
  async (_etag, pieces) => {
    for await (const piece of pieces) hash.update(piece);
  },
  new AbortController().signal,
);
reader.close();
process.stdout.write(hash.digest('hex'));
