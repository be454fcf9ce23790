import { Hono } from 'hono';
import { z } from 'zod';
import type { CallLog } from './call-log.ts';
import { faultSchema } from './fault.ts';
import type { Faults } from './faults.ts';
import type { SandboxEnvironment } from './observe.ts';

const switchOnSchema = z.union([
  z.object({ operation: z.string().min(1), fault: faultSchema, times: z.int().min(1).optional() }),
  z.object({ switch: z.string().min(1) }),
]);

/**
 * What a person at a running sandbox can do to a server: `GET /_sandbox/calls`, `GET /_sandbox/faults`,
 * `PUT /_sandbox/faults` with `{operation, fault, times?}` or `{switch}`, `DELETE /_sandbox/faults` for all, or with
 * `?operation=` or `?switch=` for one.
 */
export function control(options: {
  readonly calls: CallLog;
  readonly faults: Faults;
}): Hono<SandboxEnvironment> {
  const { calls, faults } = options;
  const app = new Hono<SandboxEnvironment>();
  const state = () => ({ ...faults.list(), availableSwitches: faults.switches });

  app.get('/_sandbox/calls', (context) => context.json(calls.all()));
  app.get('/_sandbox/faults', (context) => context.json(state()));
  app.put('/_sandbox/faults', async (context) => {
    const parsed = switchOnSchema.safeParse(await context.req.json().catch(() => undefined));
    if (!parsed.success) return context.json({ message: z.prettifyError(parsed.error) }, 400);
    try {
      if ('switch' in parsed.data) faults.switchOn(parsed.data.switch);
      else faults.set(parsed.data.operation, parsed.data.fault, parsed.data.times);
    } catch (error) {
      if (error instanceof RangeError) return context.json({ message: error.message }, 400);
      throw error;
    }
    return context.json(state());
  });
  app.delete('/_sandbox/faults', (context) => {
    const switchName = context.req.query('switch');
    if (switchName === undefined) faults.clear(context.req.query('operation'));
    else faults.switchOff(switchName);
    return context.json(state());
  });
  return app;
}
