import { setTimeout as delay } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { readSdkFailure } from './failure.ts';
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
  close(): Promise<void>;
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

  const send = async <T>(
    request: ObjectRequest,
    take: (headers: AnswerHeaders, body: Dispatcher.ResponseData['body']) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    const query = request.query ?? {};
    const path = base + request.key.split('/').map(encodeStrictly).join('/');
    const headers = sign(
      {
        method: request.method,
        host: url.host,
        path,
        query,
        headers: request.headers ?? {},
        payload: unsignedPayload,
      },
      new Date(),
    );
    const queryText = encodeQuery(query);
    const answer = await pool.request({
      method: request.method,
      path: queryText === '' ? path : `${path}?${queryText}`,
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

  return {
    async request(request, take, signal) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await send(request, take, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (attempt === attempts || !passes(error)) throw error;
          const asked = error instanceof S3Answer ? error.retryAfterMs : 0;
          const wait = firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random());
          await delay(Math.max(asked, wait), undefined, { signal });
        }
      }
    },
    close: () => pool.destroy(),
  };
}

const networkFailures =
  /^(UND_ERR_|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|unknown$)/;

function passes(error: unknown): boolean {
  const { name, status } = readSdkFailure(error);
  if (status !== undefined) return status >= 500 || status === 429 || status === 408;
  const code = error instanceof Error && 'code' in error ? String(error.code) : name;
  return networkFailures.test(code);
}
