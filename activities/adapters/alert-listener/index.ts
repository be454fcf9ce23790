import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { MonitorOrder } from '../../../workflows/contracts/monitor.ts';
import { signalNames } from '../../../workflows/contracts/monitoring.ts';
import {
  isRunnableScenario,
  type RunnableScenario,
  scenarioWorkflows,
} from '../../../workflows/contracts/names.ts';
import { DrError } from '../../errors.ts';
import { SignatureCheck } from './signature.ts';

/** Longest body, bytes. */
const maximumBytes = 64 * 1024;
/** How long a request may take to arrive, ms. */
const arrivalMs = 10_000;

const alertSchema = z.strictObject({
  /** Who alerts, such as the name of the uptime service. */
  from: z.string().trim().min(1).max(100),
  reason: z.string().trim().min(1).max(1000),
  signal: z.enum(signalNames).optional(),
  scenario: z
    .custom<RunnableScenario>(
      isRunnableScenario,
      `expected one of ${Object.keys(scenarioWorkflows).join(', ')}`,
    )
    .optional(),
  since: z.iso.datetime({ offset: true }).optional(),
});

/** What the listener needs. */
export interface AlertListenerOptions {
  /** 0 for a free one. */
  readonly port: number;
  readonly host: string;
  /** Shared with those who alert. A secret. */
  readonly secret: string;
  /** Hands an alert to the monitor; rejects when that cannot be done now. */
  readonly deliver: (order: MonitorOrder) => Promise<void>;
}

/** A listener that runs. */
export interface AlertListener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens for alerts of other systems: `POST /incidents` with a JSON body, `X-Timestamp` (Unix seconds) and
 * `X-Signature: sha256=<hex of HMAC-SHA-256 over "timestamp.body">`. Answers 202 for one that was handed on, 400 for a
 * body that cannot be used, 401 for a signature that is wrong, old or used before, 413 for one that is too long, and 503
 * where the monitor cannot be reached: it may then be sent again.
 *
 * @throws DrError `configuration-invalid` for a port that cannot be listened on
 */
export async function startAlertListener(options: AlertListenerOptions): Promise<AlertListener> {
  const signatures = new SignatureCheck(options.secret);
  const server = createServer(
    { requestTimeout: arrivalMs, headersTimeout: arrivalMs },
    (request, response) => {
      answer(request, signatures, options.deliver)
        .catch((error: unknown): Answer => [503, describe(error)])
        .then(([status, message]) => reply(response, status, message));
    },
  );
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new DrError('configuration-invalid', {
      happened: `Alerts cannot be listened for on ${options.host}:${options.port}: ${describe(error)}.`,
      meaning: 'The worker did not start, so no recovery can run.',
      next: 'Correct MONITOR_WEBHOOK_PORT and MONITOR_WEBHOOK_HOST, or leave the port out.',
    });
  }
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : options.port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Answer = readonly [status: number, message: string];

async function answer(
  request: IncomingMessage,
  signatures: SignatureCheck,
  deliver: AlertListenerOptions['deliver'],
): Promise<Answer> {
  if (request.url !== '/incidents') return [404, 'There is only /incidents.'];
  if (request.method !== 'POST') return [405, 'There is only POST.'];
  const body = await readBody(request);
  if (body === null) return [413, `A body has ${maximumBytes} bytes at most.`];
  const signature = headerOf(request, 'x-signature');
  const taken = signatures.take(headerOf(request, 'x-timestamp'), signature, body);
  if ('refused' in taken) return [401, taken.refused];
  const alert = parse(body);
  if ('problem' in alert) return [400, alert.problem];
  const { from, reason, signal = null, scenario = null, since = null } = alert;
  if (signal === null && scenario === null) return [400, 'signal or scenario: name one of them'];
  try {
    await deliver({
      id: taken.id,
      by: from,
      reason,
      kind: 'report',
      through: 'outside-alert',
      signal,
      scenario,
      since,
    });
  } catch (error) {
    signatures.release(signature);
    throw error;
  }
  return [202, taken.id];
}

/** Null for one that is too long: it is read and dropped, so that the sender hears the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes <= maximumBytes) chunks.push(part);
  }
  return bytes > maximumBytes ? null : Buffer.concat(chunks);
}

function parse(body: Buffer): z.infer<typeof alertSchema> | { readonly problem: string } {
  try {
    const parsed = alertSchema.safeParse(JSON.parse(body.toString('utf8')));
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'body'}: ${message}`,
    );
    return { problem: problems.join('; ') };
  } catch {
    return { problem: 'body: expected JSON' };
  }
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function reply(response: ServerResponse, status: number, message: string): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    // What was not asked for is not read: it must not be taken for the next request.
    connection: 'close',
    ...(status === 405 ? { allow: 'POST' } : {}),
  });
  response.end(`${JSON.stringify(status === 202 ? { id: message } : { error: message })}\n`);
}

function describe(error: unknown): string {
  if (error instanceof DrError) return error.explanation.happened;
  return error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be handed on now';
}
