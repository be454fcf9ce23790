import { startProduction } from '../../end-to-end/production.ts';
import { customersServed, damage } from '../../end-to-end/truth.ts';
import type { PolicyPatch } from '../../sandbox/policy-patch.ts';
import { startTraffic } from '../../sandbox/vendhub/index.ts';
import { type Accident, nothingByHand, type Stage } from '../stage.ts';
import { productionStage } from './production-stage.ts';
import { wrongData } from './wrong-data.ts';

/** Rows are deleted under live traffic, which goes on. */
export async function startDataLossStage(policy: PolicyPatch): Promise<Stage> {
  const production = await startProduction({ policy });
  const { sandbox } = production;
  const begin = async (): Promise<Accident> => {
    const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 10 });
    try {
      await customersServed(traffic, sandbox);
      const incident = await damage(sandbox);
      return {
        input: {
          reason: 'rows are missing',
          incidentAt: incident.moment,
          target: { kind: 'just-before', moment: incident.moment },
        },
        byHand: nothingByHand,
        judge: (report) => wrongData(sandbox, report, () => incident),
        clear: async () => {
          await traffic.stop();
          await sandbox.postgres.discardKeptFolders();
        },
      };
    } catch (error) {
      await traffic.stop();
      throw error;
    }
  };
  return productionStage(production, begin);
}
