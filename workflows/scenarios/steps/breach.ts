import type { SecurityDifference } from '../../contracts/security.ts';
import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { count, duration, plural, utc } from '../../runbook/format.ts';
import { action, check, destructive, manual, type StepContext } from '../../runbook/runbook.ts';
import {
  leftToPeople,
  needsPerson,
  provedInOneLine,
  proveEach,
  rotatedInOneLine,
  rotateEach,
  rotationPlan,
} from './rotation.ts';

/** Sessions end when the database is isolated: who is connected is written down first, in seconds. */
export const preserveVolatileEvidence = action({
  id: 'preserve-volatile-evidence',
  title: 'Write down who is connected, what roles may do, who logged in',
  phase: 'preparing',
  undo: null,
  skippable: 'who was connected is not known any more once the database is isolated',
  run: async (context) => ({
    volatileEvidence: await activities.security.gatherEvidence({
      id: `${runName(context)}-before-isolation`,
      schemas: context.policy.schemas,
      since: since(context),
    }),
  }),
  summary: ({ fact }) => {
    const { key, durationMs, parts, notable } = fact('volatileEvidence');
    const missing = parts.filter(({ failure }) => failure !== null).map(({ name }) => name);
    return `${key} in ${duration(durationMs)}${missing.length === 0 ? '' : `, WITHOUT ${missing.join(', ')}`}; ${notable.join('; ') || 'nothing stands out'}`;
  },
});

/** Logs roll on, and a restore rewinds what an intruder changed: both are kept apart before anything is repaired. */
export const preserveLogs = action({
  id: 'preserve-logs',
  title: 'Copy the logs of database and application to a separate place',
  phase: 'preparing',
  undo: null,
  skippable: 'the logs are only where they are now, and roll on',
  run: async (context) => ({
    logEvidence: await activities.security.preserveLogs({
      id: `${runName(context)}-logs`,
      since: since(context),
    }),
  }),
  summary: ({ fact }) => {
    const { key, databaseLines, applicationLines, failures } = fact('logEvidence');
    return `${key}: ${count(databaseLines)} lines of the database, ${count(applicationLines)} of the application${failures.length === 0 ? '' : `; ${failures.join('; ')}`}`;
  },
});

/** Finds the last moment without traces, in own backups: their interval is how exactly it can be known. */
export const findLastCleanMoment = check({
  id: 'find-last-clean-moment',
  title: 'Find the last clean moment in own backups',
  phase: 'preparing',
  run: async (context) => {
    const { policy, incidentAt, target, note } = context;
    const { indicators, cleanPointMaxMs } = policy.security;
    const noticedAt = incidentAt ?? new Date().toISOString();
    const here = await activities.securityScans.runIndicators({ indicators, since: since(context) });
    note({ tracesNow: here });
    const bounds = {
      noticedAt,
      noticedBy: incidentAt === null ? 'when this run looked' : 'as the person who started it says',
    };
    if (target !== null) {
      return {
        damageBounds: {
          ...bounds,
          lastGoodAt: null,
          lastGoodBy: 'a person named the moment; own backups were not looked through',
        },
      };
    }
    const cleanPoint = await activities.cleanPoint.findCleanBackup({
      indicators,
      since: since(context),
      until: noticedAt,
      maxDurationMs: cleanPointMaxMs,
    });
    const { clean, firstTraced } = cleanPoint;
    const resolution =
      clean === null || firstTraced === null
        ? 'no traces in any backup'
        : `first traces in ${firstTraced.key}, ${duration(Date.parse(firstTraced.snapshotAt) - Date.parse(clean.snapshotAt))} later: known no more exactly than backups are taken`;
    return {
      cleanPoint,
      damageBounds: {
        ...bounds,
        lastGoodAt: clean?.snapshotAt ?? null,
        lastGoodBy:
          clean === null
            ? 'every own backup holds traces'
            : `own backup ${clean.key} without traces; ${resolution}`,
      },
    };
  },
  summary: ({ fact, facts }) => {
    const traces = (facts.tracesNow ?? []).filter(({ rows }) => rows !== 0);
    const now = traces.map(
      ({ name, rows, failure }) => `${name}: ${failure ?? plural(rows ?? 0, 'row', 'rows')}`,
    );
    return `in production now: ${now.join(', ') || 'no traces'}; clean at ${utc(fact('damageBounds').lastGoodAt)} (${fact('damageBounds').lastGoodBy})`;
  },
});

/** Exchanges everything that an intruder may have read. Whoever holds an old secret is shut out for good. */
export const rotateCredentials = destructive({
  id: 'rotate-credentials',
  title: 'Exchange every declared credential',
  phase: 'verifying',
  optional: false,
  when: ({ policy }) => policy.security.credentials.length > 0,
  gate: {
    prepare: async ({ policy }) => ({
      credentialInventory: await activities.credentialReads.takeCredentialInventory(
        policy.security.credentials,
      ),
    }),
    question: ({ policy, environment }) =>
      `Exchange ${plural(policy.security.credentials.length, 'credential', 'credentials')} of ${environment}?`,
    facts: ({ policy, fact }) => [
      ...policy.security.credentials.map((credential) => ({
        label: credential.id,
        value: `${credential.kind}${'variables' in credential && credential.variables.length > 0 ? `, used in ${credential.variables.join(', ')}` : ''}`,
      })),
      ...fact('credentialInventory').undeclared.map((value) => ({ label: 'NOT DECLARED', value })),
      { label: 'Order', value: 'new secret kept, issued, put to use, and only then the old one taken back' },
      { label: 'Signing keys', value: 'every user has to log in again' },
    ],
    plan: (context) => rotationPlan(context, context.facts.recoveryPoint?.project ?? null),
    approveLeadsTo:
      'every old secret is refused from then on; whoever holds one elsewhere must be given the new one',
  },
  recheck: async () => ({ holds: true, reasons: [] }),
  run: (context) => rotateEach(context, 'rotate-credentials', activities.credentials.rotateCredential),
  summary: rotatedInOneLine,
});

/** What no machine here can exchange. */
export const rotateByHand = manual({
  id: 'rotate-by-hand',
  title: 'Exchange by hand what no machine here can',
  phase: 'verifying',
  skippable: 'a stolen secret goes on working',
  when: needsPerson,
  facts: leftToPeople,
});

/** Tries every old secret and every new one. */
export const proveCredentials = check({
  id: 'prove-credentials',
  title: 'Prove that old credentials are refused and new ones work',
  phase: 'verifying',
  skippable: 'a stolen secret may still work, or the application may not be able to log in',
  when: ({ facts }) => facts.rotatedCredentials !== undefined,
  run: (context) => proveEach(context, activities.credentials.proveCredential),
  summary: provedInOneLine,
});

/** Opens production again only as the declared baseline says. */
export const applySecurityBaseline = action({
  id: 'apply-security-baseline',
  title: 'Apply the security rules and probe them',
  phase: 'resuming',
  undo: null,
  resumesWriters: true,
  releases: ['fence-database'],
  run: async ({ policy, note }) => {
    const { baseline } = policy.security;
    note({ securityBefore: await activities.securityScans.compareSecurity(baseline) });
    const securityApplied = await activities.security.applySecurity(baseline);
    note({ securityApplied });
    const probes = await activities.securityScans.probeSecurity(baseline);
    note({ securityProbes: probes });
    const broken = probes.filter(({ held }) => !held);
    if (broken.length > 0) {
      throw runbookFailure('verification-failed', {
        happened: broken.map(({ what, found }) => `${what} was not turned away: ${found}`).join('; '),
        meaning: 'The declared security rules do not hold.',
        next: 'Mend what it names at the platform, then retry; the application is not started before.',
      });
    }
    return { securityApplied, securityProbes: probes };
  },
  summary: ({ fact }) => {
    const { applied, left } = fact('securityApplied');
    return `changed: ${applied.map(differenceInWords).join('; ') || 'nothing'}; left for a person: ${left.map(differenceInWords).join('; ') || 'nothing'}; ${plural(fact('securityProbes').length, 'probe', 'probes')} turned away`;
  },
});

function differenceInWords({ what, found, wanted, needsPerson }: SecurityDifference): string {
  return `${what}: ${found} instead of ${wanted}${needsPerson === null ? '' : ` (${needsPerson})`}`;
}

/** Last part of the prefix of this run's objects. */
function runName({ keyPrefix }: StepContext): string {
  return keyPrefix.split('/').at(-1) ?? '';
}

function since({ policy, incidentAt }: StepContext): string {
  const from = incidentAt === null ? Date.now() : Date.parse(incidentAt);
  return new Date(from - policy.security.lookBackMs).toISOString();
}
