import { rm } from 'node:fs/promises';
import { createS3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { intrude, loginAnswer, removeTraces, tracesLeft } from '../../end-to-end/intrusion.ts';
import { startProduction } from '../../end-to-end/production.ts';
import { takeBackup } from '../../end-to-end/run-operation.ts';
import { asSuperuser, customersServed, heldAt, knownData } from '../../end-to-end/truth.ts';
import type { SandboxProduction } from '../../sandbox/index.ts';
import type { PolicyPatch } from '../../sandbox/policy-patch.ts';
import { startTraffic } from '../../sandbox/vendhub/index.ts';
import { type Accident, nothingByHand, type Stage } from '../stage.ts';
import { productionStage } from './production-stage.ts';
import { wrongData } from './wrong-data.ts';

/** Somebody leaves a way back in between two backups. */
export async function startSecurityBreachStage(policy: PolicyPatch): Promise<Stage> {
  const production = await startProduction({ policy });
  const { sandbox } = production;
  return productionStage(production, () => breachBetweenBackups(sandbox));
}

async function breachBetweenBackups(sandbox: SandboxProduction): Promise<Accident> {
  const { railway } = sandbox;
  await forgetBackups(sandbox);
  const traffic = startTraffic({ applicationUrl: railway.applicationUrl, perSecond: 20 });
  const { catalogue } = await knownData(sandbox);
  try {
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
  } catch (error) {
    await traffic.stop();
    throw error;
  }
  const stolenLogin = railway.service.variables['DATABASE_URL'] ?? '';
  const passwordBefore = await administratorPassword(sandbox);
  const intruder = await intrude(sandbox.superuserUrl);
  try {
    await customersServed(traffic, sandbox);
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
  } finally {
    await traffic.stop();
  }
  const { sales } = await knownData(sandbox);
  const incidentAt = new Date().toISOString();
  return {
    input: { reason: 'somebody logged in who must not', incidentAt, target: null },
    byHand: nothingByHand,
    judge: async (report) => {
      const wrong = await wrongData(sandbox, report, (unix) => heldAt({ sales, catalogue }, unix));
      const traces = report.restoredToUnix === null ? 0 : await tracesLeft(sandbox);
      const rules: readonly (readonly [boolean, string])[] = [
        [traces === 0, `${traces} traces of the intruder are left`],
        ...(report.outcome === 'recovered'
          ? ([
              [(await loginAnswer(stolenLogin)) === 'refused', 'the stolen login is still accepted'],
              [
                (await loginAnswer(railway.service.variables['DATABASE_URL'] ?? '')) === 'accepted',
                'the new login is not accepted',
              ],
              [
                (await administratorPassword(sandbox)) !== passwordBefore,
                'the password of the administrator was not exchanged',
              ],
            ] as const)
          : []),
      ];
      return [...wrong, ...rules.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]))];
    },
    clear: async (report) => {
      await intruder.end().catch(() => undefined);
      if (report?.restoredToUnix === null) await removeTraces(sandbox);
      await sandbox.postgres.discardKeptFolders();
    },
  };
}

/** A production has traces for good once it has them: backups of an earlier case would contradict that. */
async function forgetBackups({ environment, s3 }: SandboxProduction): Promise<void> {
  await rm(`${environment['BACKUP_FOLDER'] ?? ''}/recent`, { recursive: true, force: true });
  for (const bucket of [environment['S3_BUCKET'] ?? '', environment['S3_SECOND_BUCKET'] ?? '']) {
    const store = createS3ObjectStore({ ...s3, bucket });
    try {
      for (const { key } of await store.list('recent/')) await store.remove(key);
    } finally {
      store.close();
    }
  }
}

/** As the server keeps it: a verifier. */
function administratorPassword(sandbox: SandboxProduction): Promise<string> {
  return asSuperuser(sandbox, async (client) => {
    const { rows } = await client.query(`SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'`);
    return JSON.stringify(rows);
  });
}
