import { setTimeout as delay } from 'node:timers/promises';
import { standing } from '../end-to-end/found.ts';
import type { TestProduction } from '../end-to-end/production.ts';
import { Recovery } from '../end-to-end/recovery.ts';
import { customersServed, damage, deviation } from '../end-to-end/truth.ts';
import { startTraffic } from '../sandbox/vendhub/index.ts';
import type { Blow, ChaosCase } from './case.ts';
import { answerEverything } from './on-call.ts';
import { violations } from './violations.ts';
import { Witness } from './witness.ts';

/** What came of one case. */
export interface CaseResult {
  readonly name: string;
  readonly durationMs: number;
  /** What people were asked besides the usual. */
  readonly asked: readonly string[];
  readonly restoreRequests: number;
  readonly violations: readonly string[];
}

/** Damages the data under live traffic, recovers it while blows fall on the worker, and checks every rule. */
export async function runCase(production: TestProduction, chaosCase: ChaosCase): Promise<CaseResult> {
  const { sandbox } = production;
  const startedAt = Date.now();
  const before = await standing(sandbox);
  const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 10 });
  try {
    await customersServed(traffic, sandbox);
    const incident = await damage(sandbox);
    chaosCase.faults?.(sandbox.supabase.faults);
    const recovery = await Recovery.start(sandbox, {
      target: { kind: 'just-before', moment: incident.moment },
      incidentAt: incident.moment,
    });
    const witness = new Witness(sandbox, recovery, before.restoreRequests);
    const striking = (async () => {
      for (const { when, blow } of chaosCase.strikes) {
        await when(witness);
        await strike(production, blow);
      }
      return null;
    })().catch((error: unknown) => `the blow did not fall: ${String(error)}`);
    const asked = await answerEverything(recovery, witness);
    const missed = await striking;
    // A woken worker goes on with what it had; the log is read once it has nothing left.
    await production.retireWorkers();
    const report = await recovery.result();
    const restores = witness.restores();
    const broken = violations({
      report,
      restores,
      data: await deviation(sandbox, incident, restoredAt(report)),
      before,
      after: await standing(sandbox),
      history: await recovery.handle.fetchHistory(),
    });
    return {
      name: chaosCase.name,
      durationMs: Date.now() - startedAt,
      asked,
      restoreRequests: restores.length,
      violations: [...broken, ...(missed === null ? [] : [missed])],
    };
  } finally {
    await traffic.stop();
    await production.retireWorkers();
    sandbox.supabase.faults.clear();
    await sandbox.postgres.discardKeptFolders();
  }
}

async function strike(production: TestProduction, blow: Blow): Promise<void> {
  const worker = production.worker();
  if (blow.kind === 'kill') {
    worker.signal('SIGKILL');
    await worker.ended;
    await production.startWorker();
    return;
  }
  worker.signal('SIGSTOP');
  const frozen = delay(blow.forMs);
  if (blow.standIn) await production.startWorker();
  await frozen;
  worker.signal('SIGCONT');
}

function restoredAt(report: {
  status: { steps: readonly { id: string; finishedAt: string | null }[] };
}): string {
  return report.status.steps.find(({ id }) => id === 'restore-database')?.finishedAt ?? '';
}
