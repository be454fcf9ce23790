import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';

const slackMessage = z.strictObject({ text: z.string() });

/** A chat service that takes Slack's messages, on a free port, and can be away. */
export interface WebhookReceiver {
  readonly url: string;
  /** Texts, oldest first. */
  readonly posts: readonly string[];
  /** While it is away it answers 503. */
  setAway(away: boolean): void;
  stop(): Promise<void>;
}

/** Starts a {@link WebhookReceiver}. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const posts: string[] = [];
  let isAway = false;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (isAway) response.statusCode = 503;
    else posts.push(slackMessage.parse(JSON.parse(Buffer.concat(chunks).toString())).text);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver listens on no port.');
  return {
    url: `http://127.0.0.1:${address.port}/services/secret`,
    posts,
    setAway(away) {
      isAway = away;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
