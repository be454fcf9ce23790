/** Status line and headers of an HTTP/1.1 answer. */
export interface AnswerHead {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** Bytes of the body; NaN where the answer does not say. */
  readonly contentLength: number;
  readonly keepAlive: boolean;
  /** Bytes of the head itself, with the empty line that ends it. */
  readonly length: number;
}

const end = Buffer.from('\r\n\r\n');

/**
 * Reads the head of an answer; pure.
 *
 * @param bytes what has come so far, from the start of the answer
 * @returns undefined while the head is not complete; a status of 0 for something that is not HTTP/1.1
 */
export function readHead(bytes: Buffer): AnswerHead | undefined {
  const at = bytes.indexOf(end);
  if (at === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, at).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const length = headers.get('content-length') ?? '';
  const framed = headers.has('transfer-encoding') || !/^\d{1,15}$/.test(length);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(statusLine)?.[1] ?? 0),
    headers,
    contentLength: framed ? Number.NaN : Number(length),
    keepAlive: headers.get('connection')?.toLowerCase() !== 'close',
    length: at + end.length,
  };
}
