import type { DeclaredCredential } from '../../../contracts/credentials.ts';
import { activities } from '../../../runbook/activities.ts';
import { plural } from '../../../runbook/format.ts';
import { check, destructive, manual, type StepContext } from '../../../runbook/runbook.ts';
import {
  hasRotated,
  leftToPeople,
  needsPerson,
  provedInOneLine,
  proveEach,
  rotatedInOneLine,
  rotateEach,
  rotationPlan,
} from '../rotation.ts';

/**
 * Variables that the standby application must not take over: what they hold was stolen, and only a provider that may be
 * gone can exchange it. Null where nothing was stolen.
 */
export function stolenVariables(context: StepContext): readonly string[] | null {
  if (!context.credentialsStolen) return null;
  return context.policy.security.credentials.flatMap((credential) =>
    'variables' in credential && !exchangedHere(credential)
      ? credential.variables.filter((name) => name !== alwaysReplaced)
      : [],
  );
}

/** Leads to the standby database, whatever it was. */
const alwaysReplaced = 'DATABASE_URL';

function exchangedHere({ kind }: DeclaredCredential): boolean {
  return kind === 'application-variable' || kind === 's3-key';
}

/** Before the application is started: it never runs with what was stolen. */
export const rotateStandbyCredentials = destructive({
  id: 'rotate-standby-credentials',
  title: 'Exchange stolen credentials before the standby application is started',
  phase: 'preparing',
  optional: false,
  when: ({ credentialsStolen, policy }) => credentialsStolen && policy.security.credentials.length > 0,
  gate: {
    question: ({ policy, environment }) =>
      `Exchange the credentials that the standby environment takes over from ${environment}, of ${plural(policy.security.credentials.length, 'declared one', 'declared ones')}?`,
    facts: (context) => [
      ...context.policy.security.credentials.map((credential) => ({
        label: credential.id,
        value: `${credential.kind}: ${exchangedHere(credential) ? 'exchanged here' : 'only its provider can; NOT taken over, and left to a person'}`,
      })),
      {
        label: 'LEFT OUT',
        value: `${stolenVariables(context)?.join(', ') || 'no variable'}: the standby application is started without them`,
      },
      { label: 'Not declared', value: 'variables that no credential declares are taken over as they are' },
    ],
    plan: (context) => rotationPlan(context, null),
    approveLeadsTo:
      'the standby application gets new secrets, kept sealed; a configuration with an old one is not backed up any more',
  },
  recheck: async () => ({ holds: true, reasons: [] }),
  run: (context) =>
    rotateEach(context, 'rotate-standby-credentials', activities.credentials.rotateStandbyCredential),
  summary: rotatedInOneLine,
});

/** What no machine can exchange without its provider, by name. */
export const rotateStandbyByHand = manual({
  id: 'rotate-standby-by-hand',
  title: 'Exchange by hand, or note down, what only its issuer can',
  phase: 'preparing',
  skippable: 'a stolen secret goes on working wherever its issuer still takes it',
  when: needsPerson,
  facts: leftToPeople,
});

/** Held against what the application was really started with. */
export const proveStandbyCredentials = check({
  id: 'prove-standby-credentials',
  title: 'Prove that the standby application runs with none of the old secrets',
  phase: 'verifying',
  skippable: 'the standby application may run with a stolen secret',
  when: hasRotated,
  run: (context) => proveEach(context, activities.credentials.proveStandbyCredential),
  summary: provedInOneLine,
});
