import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3ObjectStore, type S3ObjectStore } from '../../../../activities/adapters/s3/index.ts';

const bytes = 10_000_000;

describe('an object that was asked for and is not read', () => {
  const server = createServer();
  let answers: ServerResponse[] = [];
  let store: S3ObjectStore;
  let endpoint: string;
  const storeThatWaits = (timeoutMs: number) => {
    store = createS3ObjectStore({
      endpoint,
      region: 'us-east-1',
      bucket: 'evidence',
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      timeoutMs,
    });
    return store;
  };

  beforeEach(async () => {
    answers = [];
    server.on('request', (_request, response) => {
      answers.push(response);
      response.writeHead(200, { 'content-length': bytes, 'x-amz-checksum-crc32': 'AAAAAA==' });
      response.write(Buffer.alloc(1_000));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('It listens nowhere.');
    endpoint = `http://127.0.0.1:${address.port}`;
  });
  afterEach(async () => {
    store.close();
    server.closeAllConnections();
    server.removeAllListeners('request');
    server.close();
    await once(server, 'close');
  });

  const connectionEnds = async () => {
    const [answer] = answers;
    if (answer === undefined) throw new Error('Nothing was asked for.');
    if (!answer.closed) await once(answer, 'close');
  };

  it('does not end the process when its connection is given up, and fails for who reads it then', async () => {
    const stream = await storeThatWaits(1_000).get('big');
    await connectionEnds();
    await expect(buffer(stream)).rejects.toMatchObject({ type: 'store-unavailable' });
  });

  it('lets its connection go when its reader gives up before the first byte', async () => {
    const stream = await storeThatWaits(3_600_000).get('big');
    stream.destroy();
    await connectionEnds();
    expect(stream.destroyed).toBe(true);
  });
});
