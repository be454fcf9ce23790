import { utc } from '../../../runbook/format.ts';
import { teamMailStep } from '../team-mail.ts';

/** Tells the team where production is now. */
export const tellTeamOfRebuild = teamMailStep({
  id: 'tell-team-of-rebuild',
  title: 'Tell the team where production is now',
  mail: ({ environment, fact, facts }) => {
    const { snapshotAt, key } = fact('standbySource');
    return {
      subject:
        facts.health === undefined
          ? 'Production was rebuilt; nobody has seen it healthy'
          : 'Production was rebuilt and is healthy',
      lines: [
        `${environment} runs at the standby environment, database ${fact('standbyDatabase')}, since ${utc(fact('switchedOverAt'))}.`,
        `It was rebuilt from ${key}: commits after ${utc(snapshotAt)} are not in it.`,
        ...(facts.oldProductionKept ?? []).map(
          ({ inForce, since }) => `The old production stays as it is: ${inForce}, since ${utc(since)}.`,
        ),
        'Point DATABASE_URL of the worker at it and restart the worker: until then backups fail.',
      ],
    };
  },
});
