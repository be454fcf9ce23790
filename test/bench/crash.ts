import { createRailwayPlatform } from '../../activities/adapters/railway/index.ts';
import { served } from '../end-to-end/crash.ts';
import { startProduction } from '../end-to-end/production.ts';
import { monitorOf, startMonitor, watchedPolicy } from '../end-to-end/watched.ts';
import { killForGood } from '../sandbox/drills/faults.ts';
import { figures } from './figures.ts';
import { measureInTurn, reportTurns } from './in-turn.ts';

/**
 * From a killed application to a healthy one with nobody there, probed every 5 s, in turn with somebody who restarts it
 * in the very moment in which it is down: `node --import tsx test/bench/crash.ts [pairs]`.
 */
const turns = Number(process.argv[2] ?? 5);
/** What is asked of the sandbox. */
const limitMs = 20_000;

// Crash follows crash here, and none of them may count as persistent.
const policy = { ...watchedPolicy, crash: { ...watchedPolicy.crash, withinMs: 1_000 } };
const production = await startProduction({ policy });
try {
  const { sandbox } = production;
  const { railway } = sandbox;
  const platform = createRailwayPlatform({
    endpoint: railway.endpoint,
    token: { kind: 'project', value: railway.token },
    ...railway.ids,
    timeoutMs: 10_000,
  });
  const byMonitor = {
    prepare: () => startMonitor(sandbox),
    run: async () => {
      await killForGood(railway);
      await served(sandbox);
    },
  };
  const byHand = {
    prepare: async () => {
      await startMonitor(sandbox);
      await monitorOf(sandbox).terminate('it is restarted by hand now');
    },
    run: async () => {
      const deployment = railway.service.active();
      await killForGood(railway);
      if (deployment === undefined) throw new Error('No deployment was active.');
      await platform.restartDeployment(deployment.id);
      await served(sandbox);
    },
  };
  const measured = await measureInTurn({ ours: byMonitor, theirs: byHand }, { turns, roots: [] });
  reportTurns('crash to healthy with nobody there, against a restart by hand at once', measured);
  const { max } = figures(measured.map(({ ours }) => ours.ms));
  const verdict = max <= limitMs ? 'met' : 'MISSED';
  console.log(`  the longest ${(max / 1000).toFixed(1)} s, target at most ${limitMs / 1000} s: ${verdict}`);
} finally {
  await production.stop();
}
