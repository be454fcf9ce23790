import { z } from 'zod';
import type { Policy } from '../../workflows/contracts/policy.ts';

const ms = z.int().min(1).exactOptional();

const policyPatch = z.strictObject({
  dataLossRtoMs: ms,
  approval: z.strictObject({ secondPerson: z.boolean().exactOptional(), expireMs: ms }).exactOptional(),
  mail: z.strictObject({ userRecipients: z.string().exactOptional() }).exactOptional(),
  fence: z.strictObject({ quietMs: ms, deadlineMs: ms }).exactOptional(),
  restore: z
    .strictObject({
      requestDeadlineMs: ms,
      settleMs: ms,
      deadlineMs: ms,
      confirmBeforeResume: z.boolean().exactOptional(),
    })
    .exactOptional(),
  health: z.strictObject({ watchMs: ms, probeEveryMs: ms, deadlineMs: ms }).exactOptional(),
  pollEveryMs: ms,
});

/** What a test changes in the sandbox's policy: waits and rules, never what is checked. All times in ms. */
export type PolicyPatch = z.infer<typeof policyPatch>;

/**
 * Reads a patch from the environment variable `DR_SANDBOX_POLICY` (JSON).
 *
 * @throws ZodError for a field it does not know
 */
export function readPolicyPatch(text: string | undefined): PolicyPatch {
  return policyPatch.parse(text === undefined ? {} : JSON.parse(text));
}

/** The policy with what the patch changes. */
export function patchPolicy(policy: Policy, patch: PolicyPatch): Policy {
  const { objectives } = policy;
  const dataLoss = {
    ...objectives['data-loss'],
    rtoMs: patch.dataLossRtoMs ?? objectives['data-loss'].rtoMs,
  };
  return {
    ...policy,
    objectives: { ...objectives, 'data-loss': dataLoss },
    approval: { ...policy.approval, ...patch.approval },
    mail: { ...policy.mail, ...patch.mail },
    fence: { ...policy.fence, ...patch.fence },
    restore: { ...policy.restore, ...patch.restore },
    health: { ...policy.health, ...patch.health },
    pollEveryMs: patch.pollEveryMs ?? policy.pollEveryMs,
  };
}
