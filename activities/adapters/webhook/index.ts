import { Agent, request } from 'undici';
import { DrError } from '../../errors.ts';
import type { Webhook } from '../../ports.ts';
import { webhookRefused, webhookUnavailable } from './failure.ts';

/** Where alerts are posted. */
export interface WebhookSettings {
  /** An incoming webhook of Slack, Mattermost or what speaks their format; a secret, never shown. */
  readonly url: string;
  /** From connecting to the last byte of the answer, in ms; 10,000 when not given. */
  readonly timeoutMs?: number;
}

/** A {@link Webhook} with connections to close. */
export interface HttpWebhook extends Webhook {
  close(): Promise<void>;
}

/** Slack cuts a message at 40,000 characters; escaping may lengthen this at most fivefold in the worst case. */
const longestText = 8_000;

/**
 * Posts alerts as Slack's `{"text": …}`. Outside this machine only `https://` is taken, since the URL is the secret.
 *
 * @returns the webhook; `post` throws `webhook-unavailable` (retried: no answer, 408, 429, 5xx) or
 *   `configuration-invalid` (not retried: any other answer than 2xx)
 * @throws DrError `configuration-invalid` when the URL cannot be used
 */
export function createHttpWebhook(settings: WebhookSettings): HttpWebhook {
  const url = parseUrl(settings.url);
  const timeoutMs = settings.timeoutMs ?? 10_000;
  const connections = new Agent({ connections: 1 });
  return {
    async post(text) {
      const { statusCode, headers, body } = await request(url, {
        method: 'POST',
        dispatcher: connections,
        signal: AbortSignal.timeout(timeoutMs),
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ text: escapeMarkup(text.slice(0, longestText)) }),
      }).catch((error: unknown) => {
        throw webhookUnavailable(codeOf(error));
      });
      await body.dump().catch(() => undefined);
      if (statusCode >= 200 && statusCode < 300) return;
      if (statusCode === 408 || statusCode === 429 || statusCode >= 500) {
        throw webhookUnavailable(`HTTP ${statusCode}`, headers['retry-after']);
      }
      throw webhookRefused(`HTTP ${statusCode}`);
    },
    close: () => connections.close(),
  };
}

/** Otherwise an error's text could mention a whole channel (`<!channel>`) or hide a link. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A code or a name only: messages may quote the URL. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  const onThisMachine = ['127.0.0.1', 'localhost', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && onThisMachine)) return url;
  throw new DrError('configuration-invalid', {
    happened: 'The webhook’s URL cannot be used (it is a secret and not shown).',
    meaning: 'Alerts go by mail only.',
    next: 'Give it as https://…, as the chat service shows it, or leave it out.',
  });
}
