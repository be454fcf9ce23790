import { createHash, createHmac } from 'node:crypto';

/** Who signs, and for where. */
export interface SigningIdentity {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** One request before it is signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly host: string;
  /** Percent-encoded, as it is sent. */
  readonly path: string;
  /** Not yet encoded. */
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Lower-case hex SHA-256 of the body, or `UNSIGNED-PAYLOAD` where a signed checksum header binds it. */
  readonly payload: string;
}

/**
 * Signs requests by AWS Signature Version 4. Exists beside the SDK because signing there takes longer than the transfer
 * of a small object: 5,000 objects of 10 KB took 2.2 times as long (measured on loopback, undici below both).
 *
 * @returns a function from a request to its headers, with the signature
 */
export function createSigner({ region, accessKeyId, secretAccessKey }: SigningIdentity) {
  let day = '';
  let key: Buffer = Buffer.alloc(0);
  const keyOf = (date: string): Buffer => {
    if (date !== day) {
      const parts = [date, region, 's3', 'aws4_request'];
      key = parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
      day = date;
    }
    return key;
  };

  return (request: UnsignedRequest, now: Date): Record<string, string> => {
    const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
    const date = time.slice(0, 8);
    const headers: Record<string, string> = {
      ...request.headers,
      host: request.host,
      'x-amz-content-sha256': request.payload,
      'x-amz-date': time,
    };
    const names = Object.keys(headers).sort();
    const signed = names.join(';');
    const canonical = [
      request.method,
      request.path,
      encodeQuery(request.query),
      ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
      '',
      signed,
      request.payload,
    ].join('\n');
    const scope = `${date}/${region}/s3/aws4_request`;
    const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join(
      '\n',
    );
    const signature = hmac(keyOf(date), text).toString('hex');
    const credential = `${accessKeyId}/${scope}`;
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`;
    return headers;
  };
}

/** Percent-encodes all but letters, digits and `-._~`. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Encodes a query as it is signed: sorted by name. */
export function encodeQuery(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const,
  );
  return pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
