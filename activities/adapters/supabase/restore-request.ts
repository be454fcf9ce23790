import { Readable } from 'node:stream';
import { Client } from 'undici';
import type { RestoreRequestOutcome } from '../../ports.ts';
import { projectUrl, type SupabaseAccess } from './client.ts';
import { errorCode, gatewayGaveUp, isTimeout } from './failures.ts';
import { refusalMessage } from './refusal-message.ts';

/**
 * A body that looks at the clock when the socket is ready to take it. With `content-length` given, undici writes even
 * the request line only together with the body's first chunk, so a body that refuses means that no byte leaves.
 */
class DeadlineBody extends Readable {
  readonly #text: string;
  readonly #deadline: Date;
  released = false;

  constructor(text: string, deadline: Date) {
    super();
    this.#text = text;
    this.#deadline = deadline;
  }

  override _read(): void {
    if (Date.now() >= this.#deadline.getTime()) {
      this.destroy(new Error('deadline passed'));
      return;
    }
    this.released = true;
    this.push(this.#text);
    this.push(null);
  }
}

/**
 * Sends one point-in-time restore request over a connection of its own, at most once and not one byte after the
 * deadline. Never throws for an answer: whatever is not plainly yes or no is `uncertain`.
 *
 * @param input.targetUnix integer UTC second to restore to
 * @param input.deadline from this moment on nothing is sent any more
 */
export async function sendRestoreRequest(
  access: SupabaseAccess,
  input: { readonly targetUnix: number; readonly deadline: Date },
): Promise<RestoreRequestOutcome> {
  const url = projectUrl(access, '/database/backups/restore-pitr');
  const text = JSON.stringify({ recovery_time_target_unix: input.targetUnix });
  const body = new DeadlineBody(text, input.deadline);
  const client = new Client(url.origin, { pipelining: 0 });
  try {
    const response = await client.request({
      method: 'POST',
      path: url.pathname,
      headers: {
        authorization: `Bearer ${access.accessToken}`,
        accept: 'application/json',
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      },
      body,
      signal: AbortSignal.timeout(access.timeoutMs),
    });
    const status = response.statusCode;
    const bodyText = await response.body.text().catch(() => '');
    if (status === 201) return { kind: 'accepted' };
    const message = refusalMessage(bodyText, [access.accessToken]);
    if (status >= 400 && status < 500 && !gatewayGaveUp.has(status)) {
      return { kind: 'refused', message: `${status}: ${message}` };
    }
    return { kind: 'uncertain', reason: `Supabase answered ${status}: ${message}` };
  } catch (error) {
    if (!body.released) {
      const late = Date.now() >= input.deadline.getTime();
      const reason = late
        ? 'The deadline passed before it could be sent.'
        : `No connection (${errorCode(error)}).`;
      return { kind: 'not-sent', reason };
    }
    const reason = isTimeout(error) ? `no answer within ${access.timeoutMs} ms` : errorCode(error);
    return { kind: 'uncertain', reason: `It was sent, and then the answer was lost (${reason}).` };
  } finally {
    await client.destroy();
  }
}
