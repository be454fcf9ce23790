import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTemporalOrchestrator } from '../../../../activities/adapters/temporal/index.ts';
import { locateTemporal } from '../../../../activities/adapters/toolbox/index.ts';
import { startSandboxTemporal } from '../../../sandbox/temporal/index.ts';

/** A real Temporal server of a test's own, and the production adapter on it. */
export async function startTestTemporal() {
  const folder = await mkdtemp(join(tmpdir(), 'dr-temporal-test-'));
  const { path: program } = await locateTemporal();
  const temporal = await startSandboxTemporal({ folder, program });
  const orchestrator = createTemporalOrchestrator({ connectionOptions: { address: temporal.address } });
  return {
    address: temporal.address,
    environment: temporal.environment,
    client: temporal.environment.client,
    ...orchestrator,
    async stop() {
      await orchestrator.close();
      await temporal.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
