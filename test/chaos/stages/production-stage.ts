import { policy } from '../../../worker/policy.ts';
import { standing } from '../../end-to-end/found.ts';
import type { TestProduction } from '../../end-to-end/production.ts';
import type { Accident, Effect, Stage } from '../stage.ts';

/** A stage of one production, without another home. */
export function productionStage(production: TestProduction, begin: () => Promise<Accident>): Stage {
  return {
    production,
    standing: async () => {
      const { restoreRequests: _counted, ...rest } = await standing(production.sandbox);
      return { ...rest, standby: null };
    },
    effects: () => effectsIn(production),
    begin,
    stop: () => production.stop(),
  };
}

/** What the providers carried out and the inbox got. */
export function effectsIn({ sandbox }: TestProduction): readonly Effect[] {
  const { supabase, railway, smtp } = sandbox;
  const ran = (calls: typeof supabase.calls, operation: string) =>
    calls.all(operation).filter((call) => call.ran).length;
  return [
    { steps: ['restore-database'], what: 'restores', count: ran(supabase.calls, 'restore-pitr') },
    { steps: ['rotate-credentials'], what: 'new API keys', count: ran(supabase.calls, 'create-api-key') },
    {
      steps: ['rotate-credentials'],
      what: 'new signing keys',
      count: ran(supabase.calls, 'create-signing-key'),
    },
    {
      steps: ['roll-back', 'roll-back-by-policy'],
      what: 'rollbacks',
      count: ran(railway.calls, 'deploymentRollback'),
    },
    {
      steps: ['tell-users'],
      what: 'mails to users',
      count: smtp.messages().filter(({ subject }) => subject === policy.mail.userSubject).length,
    },
  ];
}
