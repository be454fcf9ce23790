import { Hono } from 'hono';
import type { SandboxEnvironment } from '../http/observe.ts';
import { startServer } from '../http/server.ts';

/** Takes orders of commands: only this process can reach the disk and the processes of the sandbox. */
export interface OrderServer {
  /** A shell command that gives an order, waits until it is carried out and fails when it fails; may hold shell variables. */
  command(order: string): string;
  stop(): Promise<void>;
}

/** Starts a server that carries out orders by their names, one after the other. */
export async function startOrderServer(
  orders: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<OrderServer> {
  let before: Promise<unknown> = Promise.resolve();
  const app = new Hono<SandboxEnvironment>();
  app.post('/:order', async (context) => {
    const carryOut = orders[context.req.param('order')];
    if (carryOut === undefined) return context.text('There is no such order.', 404);
    const carriedOut = before.then(carryOut);
    before = carriedOut.catch(() => undefined);
    try {
      await carriedOut;
      return context.text('done');
    } catch (error) {
      return context.text(error instanceof Error ? error.message : String(error), 500);
    }
  });
  const server = await startServer(app);
  return {
    command: (order) =>
      `"${process.execPath}" -e "fetch('${server.url}/${order}', { method: 'POST' }).then(async (answer) => { console.log(await answer.text()); process.exitCode = answer.ok ? 0 : 1; })"`,
    stop: () => server.stop(),
  };
}
