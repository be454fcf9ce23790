import { activities } from '../../../runbook/activities.ts';
import { utc } from '../../../runbook/format.ts';
import { destructive } from '../../../runbook/runbook.ts';
import { oldProductionSteps } from './old-production.ts';
import { switchOverFacts } from './switch-over-facts.ts';

/** From here on the standby environment is production. Cannot be taken back: users write there. */
export const switchOver = destructive({
  id: 'switch-over',
  title: 'Direct users to the standby application',
  phase: 'resuming',
  optional: false,
  releases: ['rebuild-database', 'start-standby-application', ...oldProductionSteps],
  gate: {
    prepare: async () => ({ providers: await activities.standby.assessProviders() }),
    question: ({ environment }) => `Make the standby environment the production of ${environment}?`,
    facts: switchOverFacts,
    plan: ({ fact }) => {
      const { key, location, snapshotAt } = fact('standbySource');
      return {
        project: null,
        arguments: { database: fact('standbyDatabase'), backup: `${location}/${key}`, shows: snapshotAt },
        safetyCopySha256: null,
        maximumLoss: [],
      };
    },
    approveLeadsTo:
      'users write to the standby environment; what the old one holds beyond the backup is not in it',
  },
  recheck: async ({ policy, fact, note }) => {
    const shown = fact('providers');
    const providers = await activities.standby.assessProviders();
    note({ providers });
    const { watchMs, probeEveryMs, deadlineMs } = policy.health;
    const standbyHealth = await activities.standby.watchStandbyHealth({
      watchMs: Math.min(watchMs, shortestWatchMs),
      probeEveryMs,
      deadlineMs,
    });
    note({ standbyHealth });
    const back = parts.filter((part) => providers[part].usable && !shown[part].usable);
    return {
      holds: back.length === 0,
      reasons: back.map(
        (part) =>
          `The ${part} of production is back since this was asked (${providers[part].found}): switching over would give up its newest data.`,
      ),
    };
  },
  run: async ({ setDestroyed, measures }) => {
    setDestroyed(true);
    await activities.standby.switchOver();
    const oldProductionKept = measures.filter(({ step }) => oldProductionSteps.includes(step));
    return { switchedOverAt: new Date().toISOString(), oldProductionKept };
  },
  summary: ({ fact }) => `users are directed to the standby application since ${utc(fact('switchedOverAt'))}`,
});

/** Just before the call a short look is enough: the long watch was before the gate. */
const shortestWatchMs = 2_000;

/** What was answered at the gate is what was approved. */
const parts = ['database', 'application', 'health'] as const;
