import { setTimeout as delay } from 'node:timers/promises';
import type { TestProduction } from '../end-to-end/production.ts';
import type { PolicyPatch } from '../sandbox/policy-patch.ts';
import type { Blow, ChaosCase } from './case.ts';
import type { Witness } from './witness.ts';

/** Lets every blow of a case fall; resolves to what went wrong with that, or null. */
export async function strikeAll(
  production: TestProduction,
  { strikes, policy }: Pick<ChaosCase, 'strikes' | 'policy'>,
  witness: Witness,
): Promise<string | null> {
  try {
    for (const { when, blow } of strikes) {
      await when(witness);
      await strike(production, blow, policy);
    }
    return null;
  } catch (error) {
    return `the blow did not fall: ${String(error)}`;
  }
}

async function strike(production: TestProduction, blow: Blow, policy: PolicyPatch): Promise<void> {
  const worker = production.worker();
  if (blow.kind === 'kill') {
    worker.signal('SIGKILL');
    await worker.ended;
    await production.startWorker(policy);
    return;
  }
  worker.signal('SIGSTOP');
  const frozen = delay(blow.forMs);
  if (blow.standIn) await production.startWorker(policy);
  await frozen;
  worker.signal('SIGCONT');
}
