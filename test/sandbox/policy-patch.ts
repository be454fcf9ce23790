import { z } from 'zod';
import type { DeclaredCredential } from '../../workflows/contracts/credentials.ts';
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
  crash: z
    .strictObject({
      persistentAfter: z.int().min(1).exactOptional(),
      withinMs: ms,
      restartDeadlineMs: ms,
      newDeploymentMs: ms,
      rollbackWithoutApproval: z.boolean().exactOptional(),
    })
    .exactOptional(),
  /** Whether complete failure brings the uploaded files back from their copy to where they were. */
  standby: z.strictObject({ restoreUploads: z.boolean() }).exactOptional(),
  /** Whether a secret is declared that only the application knows, `COOKIE_SECRET`. */
  security: z.strictObject({ declareCookieSecret: z.boolean() }).exactOptional(),
  monitor: z.strictObject({ probeEveryMs: ms, confirmEveryMs: ms }).exactOptional(),
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

const cookieSecret: DeclaredCredential = {
  id: 'cookie-secret',
  kind: 'application-variable',
  bytes: 32,
  variables: ['COOKIE_SECRET'],
};

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
    crash: { ...policy.crash, ...patch.crash },
    standby:
      patch.standby?.restoreUploads === true
        ? { uploads: { from: policy.uploads.to, to: policy.uploads.from } }
        : policy.standby,
    security:
      patch.security?.declareCookieSecret === true
        ? { ...policy.security, credentials: [...policy.security.credentials, cookieSecret] }
        : policy.security,
    monitor: { ...policy.monitor, ...patch.monitor },
    pollEveryMs: patch.pollEveryMs ?? policy.pollEveryMs,
  };
}
