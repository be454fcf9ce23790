import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AlertListener,
  startAlertListener,
} from '../../../../activities/adapters/alert-listener/index.ts';
import {
  SignatureCheck,
  sign,
  toleranceMs,
} from '../../../../activities/adapters/alert-listener/signature.ts';
import type { MonitorOrder } from '../../../../workflows/contracts/monitor.ts';

const secret = 'shared with the uptime service';
const alert = { from: 'uptime', reason: '5 checks failed', signal: 'health-check' };

let listener: AlertListener;
let delivered: MonitorOrder[];
let away: boolean;

beforeEach(async () => {
  delivered = [];
  away = false;
  listener = await startAlertListener({
    port: 0,
    host: '127.0.0.1',
    secret,
    deliver: async (order) => {
      if (away) throw new Error('Temporal is away.');
      delivered.push(order);
    },
  });
});
afterEach(() => listener.close());

const now = () => String(Math.floor(Date.now() / 1000));

interface Sent {
  readonly body?: string;
  readonly timestamp?: string;
  readonly signature?: string;
  readonly path?: string;
  readonly method?: string;
}

async function send({ body = JSON.stringify(alert), path = '/incidents', method = 'POST', ...given }: Sent) {
  const timestamp = given.timestamp ?? now();
  const signature = given.signature ?? `sha256=${sign(secret, timestamp, Buffer.from(body))}`;
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, {
    method,
    headers: { 'x-timestamp': timestamp, 'x-signature': signature },
    ...(method === 'GET' ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

describe('the listener for alerts', () => {
  it('hands on an alert that is signed, with what it says', async () => {
    const body = JSON.stringify({ ...alert, since: '2025-11-29T04:12:00+01:00' });
    expect((await send({ body })).status).toBe(202);
    expect(delivered).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        by: 'uptime',
        reason: '5 checks failed',
        kind: 'report',
        through: 'outside-alert',
        signal: 'health-check',
        scenario: null,
        since: '2025-11-29T04:12:00+01:00',
      },
    ]);
  });

  it('refuses a signature that is wrong, missing, or of another body or moment', async () => {
    const timestamp = now();
    const ofAnother = `sha256=${sign(secret, timestamp, Buffer.from('{}'))}`;
    const later = `sha256=${sign(secret, String(Number(timestamp) + 1), Buffer.from(JSON.stringify(alert)))}`;
    const bySomebodyElse = `sha256=${sign('guessed', timestamp, Buffer.from(JSON.stringify(alert)))}`;
    for (const signature of [ofAnother, later, bySomebodyElse, '', 'sha256=00']) {
      expect((await send({ timestamp, signature })).status).toBe(401);
    }
    expect(delivered).toEqual([]);
  });

  it('refuses one that is older or newer than five minutes, and one without a moment', async () => {
    for (const timestamp of [String(Number(now()) - 310), String(Number(now()) + 310), 'yesterday', '']) {
      expect((await send({ timestamp })).status).toBe(401);
    }
    expect(delivered).toEqual([]);
  });

  it('takes each message once', async () => {
    const timestamp = now();
    expect((await send({ timestamp })).status).toBe(202);
    const replayed = await send({ timestamp });
    expect(replayed).toEqual({ status: 401, text: expect.stringContaining('taken already') });
    expect(delivered).toHaveLength(1);
  });

  it('says what is wrong with a body, and hands nothing on', async () => {
    const bodies = {
      '{': 'expected JSON',
      '{"from":"uptime","reason":"down"}': 'signal or scenario',
      '{"from":"uptime","reason":"down","scenario":"bad-mood"}': 'scenario: expected one of',
      '{"from":"uptime","reason":"down","signal":"health-check","by":"oncall"}': 'Unrecognized key',
      '{"from":"uptime","reason":"down","signal":"health-check","since":"today"}': 'since',
    };
    for (const [body, problem] of Object.entries(bodies)) {
      expect(await send({ body })).toEqual({ status: 400, text: expect.stringContaining(problem) });
    }
    expect(delivered).toEqual([]);
  });

  it('reads no body that is too long', async () => {
    const body = JSON.stringify({ ...alert, reason: 'x'.repeat(70_000) });
    expect((await send({ body })).status).toBe(413);
    expect(delivered).toEqual([]);
  });

  it('lets an alert be sent again that could not be handed on', async () => {
    const timestamp = now();
    away = true;
    expect((await send({ timestamp })).status).toBe(503);
    away = false;
    expect((await send({ timestamp })).status).toBe(202);
    expect(delivered).toHaveLength(1);
  });

  it('has nothing else', async () => {
    expect((await send({ path: '/' })).status).toBe(404);
    expect((await send({ method: 'GET' })).status).toBe(405);
  });

  it('says which setting is wrong when the port is taken', async () => {
    await expect(
      startAlertListener({ port: listener.port, host: '127.0.0.1', secret, deliver: async () => undefined }),
    ).rejects.toMatchObject({
      type: 'configuration-invalid',
      message: expect.stringContaining('EADDRINUSE'),
    });
  });
});

describe('a signature', () => {
  it('is remembered for as long as its moment is young enough, however the clocks differ', () => {
    let clock = 1_700_000_000_000;
    const check = new SignatureCheck(secret, () => clock);
    const ahead = String((clock + toleranceMs) / 1000);
    const body = Buffer.from('{}');
    const signature = `sha256=${sign(secret, ahead, body)}`;
    expect(check.take(ahead, signature, body)).toHaveProperty('id');
    clock += 2 * toleranceMs;
    expect(check.take(ahead, signature, body)).toEqual({ refused: expect.stringContaining('taken') });
    clock += 1;
    expect(check.take(ahead, signature, body)).toEqual({ refused: expect.stringContaining('5 minutes') });
  });
});
