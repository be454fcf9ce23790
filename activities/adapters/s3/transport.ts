import { setTimeout as delay } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { readSdkFailure } from './failure.ts';
import { createRangeReader } from './range-reader.ts';
import { createSigner, encodeQuery, encodeStrictly, type SigningIdentity } from './signature.ts';

const unsignedPayload = 'UNSIGNED-PAYLOAD';
const attempts = 4;
const firstWaitMs = 200;
const longestWaitMs = 10_000;

/** An answer other than success; named as the S3 error so that it reads like one of the SDK. */
class S3Answer extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  readonly retryAfterMs: number;
  constructor(status: number, body: string, retryAfter: string | undefined) {
    super('The object store answered with an error.');
    this.name = /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(body)?.[1] ?? 'unknown';
    this.$metadata = { httpStatusCode: status };
    const seconds = Number(retryAfter);
    this.retryAfterMs = Number.isFinite(seconds) ? Math.min(seconds * 1_000, longestWaitMs) : 0;
  }
}

/** One request for an object. */
export interface ObjectRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Headers of an answer, by lower-case name. */
export interface AnswerHeaders {
  readonly names: readonly string[];
  /** Of a header that came twice, the first value. */
  get(name: string): string | undefined;
}

/** Sends requests for objects of one bucket. */
export interface Transport {
  /**
   * Sends one request and hands the answer over. Network failures, 408, 429 and 5xx are tried four times in all, with
   * growing waits; `take` then runs again. Throws what `storeFailure` reads.
   */
  request<T>(
    request: ObjectRequest,
    take: (headers: AnswerHeaders, body: Dispatcher.ResponseData['body']) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** The same for some bytes of an object; each piece is overwritten once the next is asked for. */
  requestRange<T>(
    request: RangeRequest,
    take: (etag: string | undefined, pieces: AsyncIterable<Uint8Array>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  close(): Promise<void>;
}

/** Some bytes of one object. */
export interface RangeRequest {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly from: number;
  readonly bytes: number;
}

/** @param settings.connections requests at once; more wait for one of them */
export function createTransport(
  settings: SigningIdentity & {
    readonly endpoint: string;
    readonly bucket: string;
    readonly timeoutMs: number;
    readonly connections: number;
  },
): Transport {
  const url = new URL(settings.endpoint);
  const base = `${url.pathname.replace(/\/$/, '')}/${settings.bucket}/`;
  const sign = createSigner(settings);
  const pool = new Pool(url.origin, {
    connections: settings.connections,
    connect: { timeout: Math.min(settings.timeoutMs, 10_000) },
    headersTimeout: settings.timeoutMs,
    bodyTimeout: settings.timeoutMs,
  });

  const ranges = createRangeReader({ url, timeoutMs: settings.timeoutMs });

  const signed = ({ method, key, query = {}, headers = {} }: Omit<ObjectRequest, 'body'>) => {
    const path = base + key.split('/').map(encodeStrictly).join('/');
    const queryText = encodeQuery(query);
    return {
      path: queryText === '' ? path : `${path}?${queryText}`,
      headers: sign({ method, host: url.host, path, query, headers, payload: unsignedPayload }, new Date()),
    };
  };

  const send = async <T>(
    request: ObjectRequest,
    take: (headers: AnswerHeaders, body: Dispatcher.ResponseData['body']) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    const { path, headers } = signed(request);
    const answer = await pool.request({
      method: request.method,
      path,
      headers,
      body: request.body ?? null,
      signal,
    });
    const header: AnswerHeaders = {
      names: Object.keys(answer.headers),
      get(name) {
        const value = answer.headers[name];
        return Array.isArray(value) ? value[0] : value;
      },
    };
    if (answer.statusCode >= 300) {
      throw new S3Answer(answer.statusCode, await answer.body.text(), header.get('retry-after'));
    }
    try {
      return await take(header, answer.body);
    } finally {
      answer.body.on('error', () => undefined).destroy();
    }
  };

  const sendRange: Transport['requestRange'] = async ({ key, headers, from, bytes }, take, signal) => {
    const request = {
      method: 'GET' as const,
      key,
      headers: bytes === 0 ? headers : { ...headers, range: `bytes=${from}-${from + bytes - 1}` },
    };
    const read = bytes === 0 ? undefined : await ranges.read(signed(request), bytes, take, signal);
    if (read !== undefined) return read.taken;
    return send(request, (answer, body) => take(answer.get('etag'), body), signal);
  };

  return {
    request: (request, take, signal) => withAttempts(() => send(request, take, signal), signal),
    requestRange: (request, take, signal) => withAttempts(() => sendRange(request, take, signal), signal),
    async close() {
      ranges.close();
      await pool.destroy();
    },
  };
}

async function withAttempts<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === attempts || !passes(error)) throw error;
      const asked = error instanceof S3Answer ? error.retryAfterMs : 0;
      const wait = firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random());
      await delay(Math.max(asked, wait), undefined, { signal });
    }
  }
}

const networkFailures =
  /^(UND_ERR_|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|unknown$)/;

function passes(error: unknown): boolean {
  const { name, status } = readSdkFailure(error);
  if (status !== undefined) return status >= 500 || status === 429 || status === 408;
  const code = error instanceof Error && 'code' in error ? String(error.code) : name;
  return networkFailures.test(code);
}
