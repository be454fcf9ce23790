import { availableParallelism } from 'node:os';
import { Transform, type TransformCallback } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** The fastest level: what it gives away in size, 13 %, is made up for twice in time. */
const options = { level: 1, chunkSize: 96 * 1024 } as const;
/** Smaller pieces are put together first: each member costs 18 bytes and a start without memory of what came before. */
const memberBytes = 128 * 1024;
/** Node compresses on four threads. */
const membersAtOnce = Math.min(4, Math.max(2, availableParallelism()));

/**
 * Compresses a stream into gzip members, one behind the other, several at the same time. `gunzip` and every other reader
 * of gzip reads them as one file.
 *
 * @param release is given each chunk that was compressed, so that its memory can be used again
 */
export function createGzipMembers(release: (chunk: Buffer) => void): Transform {
  const underWay: Promise<Buffer>[] = [];
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let begun = false;

  const begin = () => {
    begun = true;
    const chunks = waiting;
    waiting = [];
    waitingBytes = 0;
    const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    const member = compress(bytes, options).finally(() => {
      for (const chunk of chunks) release(chunk);
    });
    // Awaited in its turn; a failure before that must not end the process.
    member.catch(() => undefined);
    underWay.push(member);
  };
  const pass = async (stream: Transform, keep: number) => {
    while (underWay.length > keep) {
      const member = await underWay.shift();
      if (member !== undefined) stream.push(member);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes < memberBytes) {
        done();
        return;
      }
      begin();
      pass(this, membersAtOnce).then(() => done(), done);
    },
    flush(done) {
      if (waitingBytes > 0 || !begun) begin();
      pass(this, 0).then(() => done(), done);
    },
  });
}
