import { Hono } from 'hono';
import type { DrillCommandVariable } from '../../../workflows/contracts/drills.ts';
import type { SandboxEnvironment } from '../http/observe.ts';
import { startServer } from '../http/server.ts';
import { type Breakable, corruptPages, deployBadVersion, killForGood } from './faults.ts';

/** Faults of a drill that need the machine, as commands of the operator's. */
export interface SandboxFaults {
  /** Variables of a worker that may break this sandbox. */
  readonly environment: Readonly<Partial<Record<DrillCommandVariable, string>>>;
  stop(): Promise<void>;
}

const faults: Readonly<Record<string, (sandbox: Breakable) => Promise<unknown>>> = {
  pages: corruptPages,
  process: killForGood,
  deployment: deployBadVersion,
};

/** Starts what the commands ask: only this process can reach the disk and the processes of the sandbox. */
export async function startSandboxFaults(sandbox: Breakable): Promise<SandboxFaults> {
  const app = new Hono<SandboxEnvironment>();
  app.post('/:fault', async (context) => {
    const make = faults[context.req.param('fault')];
    if (make === undefined) return context.text('There is no such fault.', 404);
    try {
      await make(sandbox);
      return context.text('made');
    } catch (error) {
      return context.text(error instanceof Error ? error.message : String(error), 500);
    }
  });
  const server = await startServer(app);
  const command = (fault: string) => {
    const program = `fetch('${server.url}/${fault}', { method: 'POST' }).then(async (answer) => { console.log(await answer.text()); process.exitCode = answer.ok ? 0 : 1; })`;
    // Nothing is left to take away once the database was restored, or another deployment runs.
    return `[ "$DRILL_ORDER" = break ] || exit 0; "${process.execPath}" -e "${program}"`;
  };
  return {
    environment: {
      DRILL_FAULT_COMMAND_PAGES: command('pages'),
      DRILL_FAULT_COMMAND_PROCESS: command('process'),
      DRILL_FAULT_COMMAND_DEPLOYMENT: command('deployment'),
    },
    stop: () => server.stop(),
  };
}
