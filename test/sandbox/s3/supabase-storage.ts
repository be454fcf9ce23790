import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createSigner, encodeQuery } from '../../../activities/adapters/s3/signature.ts';
import type { SandboxS3 } from './index.ts';

/** What Supabase Storage's S3 endpoint is reached by. */
export interface SandboxSupabaseStorage {
  /** Ends with `/storage/v1/s3`, like a project's. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Called before each request is answered; what it does has happened by then. */
  beforeAnswer(hook: (seen: { readonly method: string; readonly path: string }) => Promise<void>): void;
  stop(): Promise<void>;
}

const prefix = '/storage/v1/s3';
const keyRule = /^[A-Za-z0-9_/!.*'() &$=@;:+,?-]*$/;
const subresources =
  /^(versioning|versions|versionId|acl|policy|lifecycle|object-lock|retention|legal-hold|attributes)$/;
/** All that it takes over of a request; everything else is passed over without a word, conditions on reading too. */
const keptHeaders =
  /^(content-type|content-length|cache-control|range|if-none-match|x-amz-meta-.*|x-amz-copy-source.*)$/;
/** All that it tells of an object. */
const toldHeaders =
  /^(content-type|content-length|content-range|cache-control|etag|last-modified|x-amz-meta-.*)$/;

/**
 * Puts what Supabase Storage's S3 endpoint can and cannot do before a real S3 server, as its source code has it: mounted
 * below a path, signed for that path with keys and a region of its own; no versions, no locks, no checksums but the MD5
 * in ETags, no `If-Match` on reading, no question for one part, ASCII keys only, and no attributes but type, cache control
 * and metadata.
 */
export async function startSandboxSupabaseStorage(s3: SandboxS3): Promise<SandboxSupabaseStorage> {
  const identity = {
    region: 'eu-central-1',
    accessKeyId: '0123456789abcdef0123456789abcdef',
    secretAccessKey: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  };
  const expect = createSigner(identity);
  const sign = createSigner(s3);
  const inner = new URL(s3.endpoint);
  let hook: Parameters<SandboxSupabaseStorage['beforeAnswer']>[0] = async () => undefined;

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const refuse = (status: number, code: string) => {
      incoming.resume();
      outgoing.writeHead(status, { 'content-type': 'application/xml' });
      outgoing.end(`<?xml version="1.0"?><Error><Resource/><Code>${code}</Code></Error>`);
    };
    const url = new URL(incoming.url ?? '', 'http://storage');
    const { method = '' } = incoming;
    const query = Object.fromEntries(url.searchParams);
    if (!url.pathname.startsWith(`${prefix}/`)) return refuse(404, 'NoSuchUpload');
    if (!isSigned(incoming, url, query)) return refuse(403, 'SignatureDoesNotMatch');
    if (Object.keys(query).some((name) => subresources.test(name))) return refuse(501, 'NotImplemented');
    const path = url.pathname.slice(prefix.length);
    const key = decodeURIComponent(path.split('/').slice(2).join('/'));
    if ((method === 'PUT' || method === 'POST') && !keyRule.test(key)) return refuse(400, 'InvalidKey');
    await hook({ method, path });

    if (method === 'GET' || method === 'HEAD') delete query['partNumber'];
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (keptHeaders.test(name)) headers[name] = String(value);
    }
    const completion =
      method === 'POST' && 'uploadId' in query ? withoutChecksums(await text(incoming)) : undefined;
    if (completion !== undefined) headers['content-length'] = String(Buffer.byteLength(completion));
    const unsigned = { method, host: inner.host, path, query, headers, payload: 'UNSIGNED-PAYLOAD' };
    const forwarded = request(
      {
        host: inner.hostname,
        port: inner.port,
        method,
        path: `${path}?${encodeQuery(query)}`,
        headers: sign(unsigned, new Date()),
      },
      (given) => {
        const told = Object.entries(given.headers).filter(([name]) => toldHeaders.test(name));
        outgoing.writeHead(given.statusCode ?? 502, {
          'cache-control': '',
          'content-range': '',
          ...Object.fromEntries(told),
        });
        given.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    if (completion === undefined) incoming.pipe(forwarded);
    else forwarded.end(completion);
  };

  const isSigned = (incoming: IncomingMessage, url: URL, query: Record<string, string>): boolean => {
    const given = incoming.headers.authorization ?? '';
    const signed = /SignedHeaders=([^,]+)/.exec(given)?.[1]?.split(';') ?? [];
    const time = String(incoming.headers['x-amz-date']);
    const at = new Date(time.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
    if (Number.isNaN(at.getTime())) return false;
    const expected = expect(
      {
        method: incoming.method ?? '',
        host: String(incoming.headers.host),
        path: url.pathname,
        query,
        headers: Object.fromEntries(signed.map((name) => [name, String(incoming.headers[name])])),
        payload: String(incoming.headers['x-amz-content-sha256']),
      },
      at,
    );
    return expected['authorization'] === given;
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}${prefix}`,
    ...identity,
    beforeAnswer(given) {
      hook = given;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function withoutChecksums(completion: string): string {
  return completion.replace(/<Checksum[A-Z0-9]+>[^<]*<\/Checksum[A-Z0-9]+>/g, '');
}
