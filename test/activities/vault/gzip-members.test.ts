import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createGzipMembers } from '../../../activities/vault/gzip-members.ts';

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Of sizes below, at and above one member, compressible or not. */
const chunks = [1, 70_000, 128 * 1024, 1_000_000, 256 * 1024, 3, 128 * 1024 - 4].map((bytes, index) =>
  index % 2 === 0 ? Buffer.alloc(bytes, `row ${index} `) : randomBytes(bytes),
);

describe('gzip in members', () => {
  it('is one file to whoever unpacks it, in order, and every chunk is released once', async () => {
    const released: Buffer[] = [];
    const members = createGzipMembers((chunk) => released.push(chunk));
    const packed = await collect(Readable.from(chunks).pipe(members));
    const whole = Buffer.concat(chunks);
    expect(gunzipSync(packed).equals(whole)).toBe(true);
    expect((await collect(Readable.from([packed]).pipe(createGunzip()))).equals(whole)).toBe(true);
    expect(chunks.map((chunk) => released.filter((one) => one === chunk).length)).toEqual(
      chunks.map(() => 1),
    );
    expect(released).toHaveLength(chunks.length);
  });

  it('of nothing is a whole file that holds nothing', async () => {
    const packed = await collect(Readable.from([]).pipe(createGzipMembers(() => undefined)));
    expect(gunzipSync(packed)).toHaveLength(0);
  });

  it('fails with what it is fed by', async () => {
    async function* broken() {
      yield* chunks;
      throw new RangeError('the source broke');
    }
    const members = createGzipMembers(() => undefined);
    await expect(pipeline(broken(), members, collect)).rejects.toThrow('the source broke');
  });
});
