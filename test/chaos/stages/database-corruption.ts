import { startProduction } from '../../end-to-end/production.ts';
import { takeBackup } from '../../end-to-end/run-operation.ts';
import { customersServed, heldAt, knownData } from '../../end-to-end/truth.ts';
import { corruptPages } from '../../sandbox/drills/faults.ts';
import type { PolicyPatch } from '../../sandbox/policy-patch.ts';
import { startTraffic } from '../../sandbox/vendhub/index.ts';
import { type Accident, nothingByHand, type Stage } from '../stage.ts';
import { productionStage } from './production-stage.ts';
import { wrongData } from './wrong-data.ts';

/** Pages of two tables are damaged some sales after a backup. */
export async function startDatabaseCorruptionStage(policy: PolicyPatch): Promise<Stage> {
  const production = await startProduction({ policy });
  const { sandbox } = production;
  const begin = async (): Promise<Accident> => {
    const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 20 });
    try {
      await customersServed(traffic, sandbox);
      await takeBackup(sandbox);
      await customersServed(traffic, sandbox);
    } finally {
      await traffic.stop();
    }
    const known = await knownData(sandbox);
    const incidentAt = new Date().toISOString();
    const mendPages = await corruptPages(sandbox);
    return {
      input: { reason: 'queries on sales fail', incidentAt, target: null },
      byHand: nothingByHand,
      judge: (report) => wrongData(sandbox, report, (targetUnix) => heldAt(known, targetUnix)),
      clear: async (report) => {
        if (report?.status.destroyed === false) await mendPages();
        await sandbox.postgres.discardKeptFolders();
      },
    };
  };
  return productionStage(production, begin);
}
