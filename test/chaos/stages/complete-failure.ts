import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createS3ObjectStore } from '../../../activities/adapters/s3/index.ts';
import { standing } from '../../end-to-end/found.ts';
import { runOperation, takeBackup } from '../../end-to-end/run-operation.ts';
import {
  emptyStandby,
  healthAt,
  loseProviders,
  rebuiltDatabases,
  rebuiltSales,
  type StandbyProduction,
  startStandbyProduction,
} from '../../end-to-end/standby-production.ts';
import { customersServed, salesOf } from '../../end-to-end/truth.ts';
import type { SandboxProduction } from '../../sandbox/index.ts';
import type { PolicyPatch } from '../../sandbox/policy-patch.ts';
import { startTraffic, uploadsBucket } from '../../sandbox/vendhub/index.ts';
import { type Accident, type AccidentName, nothingByHand, type Stage } from '../stage.ts';
import { effectsIn } from './production-stage.ts';

type Sales = Awaited<ReturnType<typeof salesOf>>;

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:1';
const lostFile = 'products/1.png';
const stolenCookieSecret = 'cookies-of-before';
/** The run that found the breach, and could not restore. */
const breach = {
  scenario: 'security-breach',
  runId: 'of-the-breach',
  because: 'the restore did not end',
} as const;

/**
 * Both providers are gone from the beginning, or users do not reach a production that answers its operators. Each case
 * begins with a standby environment that is empty.
 */
export async function startCompleteFailureStage(policy: PolicyPatch, accident: AccidentName): Promise<Stage> {
  const home = await startStandbyProduction({ policy });
  const stolen = accident === 'secrets-stolen';
  const { production, standby } = home;
  try {
    if (stolen) await configureCookieSecret(home);
    const before = await sellAndBackUp(home);
    const incidentAt = new Date().toISOString();
    const gone = accident !== 'users-cut-off';
    if (gone) await loseProviders(production.sandbox);
    return {
      production,
      standing: async () => {
        const { restoreRequests: _counted, ...rest } = await standing(production.sandbox);
        return {
          ...rest,
          standby: {
            databases: (await rebuiltDatabases(standby)).length,
            health: await healthAt(standby.applicationUrl),
            usersDirectedThere: standby.frontDoor.upstream() === standby.applicationUrl,
          },
        };
      },
      effects: () => [
        ...effectsIn(production),
        { steps: ['switch-over'], what: 'switches', count: standby.frontDoor.switches() },
      ],
      begin: () => beginWithout(gone ? 'providers' : 'front-door', home, { before, incidentAt, stolen }),
      stop: home.stop,
    };
  } catch (error) {
    await home.stop();
    throw error;
  }
}

async function sellAndBackUp({ production, standby }: StandbyProduction): Promise<Sales> {
  const { sandbox } = production;
  const traffic = startTraffic({ applicationUrl: standby.frontDoor.url, perSecond: 20 });
  try {
    await customersServed(traffic, sandbox);
    await runOperation(sandbox, 'backUpConfiguration');
    await runOperation(sandbox, 'syncUploads');
    await takeBackup(sandbox);
    await customersServed(traffic, sandbox);
  } finally {
    await traffic.stop();
  }
  return salesOf(sandbox);
}

async function beginWithout(
  missing: 'providers' | 'front-door',
  { production: { sandbox }, standby }: StandbyProduction,
  {
    before,
    incidentAt,
    stolen,
  }: { readonly before: Sales; readonly incidentAt: string; readonly stolen: boolean },
): Promise<Accident> {
  const { railway, postgres } = sandbox;
  const allowedBefore = postgres.networkRestrictions();
  const runningBefore = railway.service.active()?.id;
  await removeUpload(sandbox);
  if (missing === 'front-door') standby.frontDoor.direct(nowhere);
  return {
    input: {
      reason: 'neither provider answers',
      incidentAt,
      target: null,
      ...(stolen ? { handedOverBy: breach } : {}),
    },
    byHand: nothingByHand,
    judge: async ({ outcome, verification }) => {
      if (outcome !== 'recovered') return [];
      const shows = verification?.newestCommitAt ?? '';
      const rebuilt = await rebuiltSales(standby, (await rebuiltDatabases(standby))[0] ?? '');
      const kept = before.filter(({ committedAt }) => committedAt < shows);
      const rules: readonly (readonly [boolean, string])[] = [
        [kept.length > 0, 'nothing was there to be rebuilt: the case proves nothing'],
        [
          kept.every(({ receipt, content }) => rebuilt.get(receipt) === content),
          'sales of before the backup are missing or altered',
        ],
        [rebuilt.size === kept.length, `${rebuilt.size} sales were rebuilt of ${kept.length}`],
        [(await healthAt(standby.frontDoor.url)) === 200, 'users do not reach a healthy application'],
        [await hasUpload(sandbox), 'an uploaded file was not brought back'],
        [!stolen || !(await runsWithStolen(sandbox)), 'the application runs with a stolen secret'],
      ];
      return rules.flatMap(([holds, otherwise]) => (holds ? [] : [otherwise]));
    },
    clear: async () => {
      await emptyStandby(standby, railway.applicationUrl);
      if (missing === 'providers') return;
      // Nobody takes back what keeps an old production stopped.
      await postgres.setNetworkRestrictions(allowedBefore);
      railway.service.autoDeploy = true;
      if (railway.service.active() === undefined && runningBefore !== undefined)
        railway.service.redeploy(runningBefore, true);
      await railway.service.settled();
    },
  };
}

/** Reads what the standby application was started with; a file that is not there is a fault. */
async function runsWithStolen({ environment }: SandboxProduction): Promise<boolean> {
  const file = join(environment['BACKUP_FOLDER'] ?? '', '.standby', 'standby.env');
  return (await readFile(file, 'utf8')).includes(stolenCookieSecret);
}

function configureCookieSecret({ production }: StandbyProduction): Promise<void> {
  const { environment } = production.sandbox;
  return appendFile(
    environment['APPLICATION_CONFIGURATION_FILE'] ?? '',
    `COOKIE_SECRET=${stolenCookieSecret}\n`,
  );
}

async function inUploads<T>(
  { s3 }: SandboxProduction,
  use: (store: ReturnType<typeof createS3ObjectStore>) => Promise<T>,
): Promise<T> {
  const store = createS3ObjectStore({ ...s3, bucket: uploadsBucket });
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

const removeUpload = (sandbox: SandboxProduction): Promise<void> =>
  inUploads(sandbox, (store) => store.remove(lostFile));

const hasUpload = (sandbox: SandboxProduction): Promise<boolean> =>
  inUploads(sandbox, async (store) => (await store.getText(lostFile)) !== undefined);
