import {
  down,
  forgetImages,
  givenUp,
  healthStatus,
  served,
  setApplicationPassword,
} from '../../end-to-end/crash.ts';
import { startProduction } from '../../end-to-end/production.ts';
import { customersServed, salesOf } from '../../end-to-end/truth.ts';
import type { SandboxProduction } from '../../sandbox/index.ts';
import type { PolicyPatch } from '../../sandbox/policy-patch.ts';
import { startTraffic } from '../../sandbox/vendhub/index.ts';
import { type Accident, type AccidentName, nothingByHand, type Stage } from '../stage.ts';
import { productionStage } from './production-stage.ts';

const goodVersion = 'v2';

type Crash = Pick<Accident, 'byHand'> & {
  /** What is wrong besides lost sales. */
  readonly wrong: () => readonly string[];
};

/** The application fails under live traffic, which goes on. */
export async function startApplicationCrashStage(
  policy: PolicyPatch,
  accident: AccidentName,
): Promise<Stage> {
  const production = await startProduction({ policy });
  return productionStage(production, () => crash(production.sandbox, accident));
}

async function crash(sandbox: SandboxProduction, accident: AccidentName): Promise<Accident> {
  const traffic = startTraffic({ applicationUrl: sandbox.railway.applicationUrl, perSecond: 10 });
  try {
    await customersServed(traffic, sandbox);
    const before = await salesOf(sandbox);
    const incidentAt = new Date().toISOString();
    const { byHand, wrong } = await begin(sandbox, accident);
    return {
      input: { reason: 'the API does not answer', incidentAt, target: null },
      byHand,
      judge: async ({ outcome }) => {
        if (outcome === 'recovered') await customersServed(traffic, sandbox);
        const { sales } = await traffic.stop();
        const after = new Map((await salesOf(sandbox)).map(({ receipt, content }) => [receipt, content]));
        const lost = [
          ...before.filter(({ receipt, content }) => after.get(receipt) !== content),
          ...sales.filter(({ receipt }) => !after.has(receipt)),
        ];
        return [
          ...(lost.length === 0 ? [] : [`${lost.length} sales were lost or altered`]),
          ...(outcome === 'recovered' ? wrong() : []),
        ];
      },
      clear: async () => {
        await traffic.stop();
        if ((await healthStatus(sandbox)) !== 200) sandbox.railway.service.pushVersion(goodVersion);
        await served(sandbox);
      },
    };
  } catch (error) {
    await traffic.stop();
    throw error;
  }
}

function begin(sandbox: SandboxProduction, accident: AccidentName): Promise<Crash> {
  switch (accident) {
    case 'login-refused':
      return refuseLogin(sandbox);
    case 'nothing-to-roll-back-to':
      return loseImages(sandbox);
    default:
      return crashUnderLoad(sandbox);
  }
}

/** Every request kills it; a variable was changed just before. */
async function crashUnderLoad(sandbox: SandboxProduction): Promise<Crash> {
  const { service, calls } = sandbox.railway;
  const greeting = `of ${Date.now()}`;
  service.setVariable('GREETING', greeting, true);
  service.pushVersion('v5-throws-after-1-requests');
  await givenUp(sandbox);
  const redeploys = () => calls.all('deploymentRedeploy').filter(({ ran }) => ran).length;
  const before = redeploys();
  return {
    byHand: nothingByHand,
    wrong: () => [
      ...(service.active()?.variables['GREETING'] === greeting
        ? []
        : ['the application runs with the variables of the older deployment']),
      ...(redeploys() - before === 1
        ? []
        : [`deployed ${redeploys() - before} times with the variables of now`]),
    ],
  };
}

/** Somebody changed the password of the application's role. */
async function refuseLogin(sandbox: SandboxProduction): Promise<Crash> {
  const { service } = sandbox.railway;
  const { password } = new URL(service.variables['DATABASE_URL'] ?? '');
  await setApplicationPassword(sandbox, 'somebody changed it');
  await down(sandbox);
  return { byHand: () => setApplicationPassword(sandbox, decodeURIComponent(password)), wrong: () => [] };
}

/** The platform keeps no image of what ran before. */
async function loseImages(sandbox: SandboxProduction): Promise<Crash> {
  const { service } = sandbox.railway;
  service.pushVersion('v3-throws-on-start');
  await givenUp(sandbox);
  forgetImages(sandbox);
  return {
    byHand: async (step) => {
      if (step !== 'go-back-by-git') return;
      service.pushVersion(goodVersion);
      await served(sandbox);
    },
    wrong: () => [],
  };
}
