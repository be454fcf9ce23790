import { activities } from '../../runbook/activities.ts';
import { runbookFailure } from '../../runbook/failure.ts';
import { bytes, duration, plural, utc } from '../../runbook/format.ts';
import { action, check, destructive, manual, type StepContext } from '../../runbook/runbook.ts';
import { oldProductionSteps } from './old-production.ts';
import { stolenVariables } from './rotate-standby.ts';
import { teamMailStep } from './team-mail.ts';

const dayMs = 24 * 3_600_000;

/** Asks the providers, since rebuilding elsewhere costs what was written after the newest backup. */
export const assessProviders = check({
  id: 'assess-providers',
  title: 'See what is left of production',
  phase: 'checking',
  skippable:
    'production may still be usable: rebuilding it elsewhere gives up what was written since the newest backup',
  run: async ({ note, backup }) => {
    const providers = await activities.standby.assessProviders();
    note({ providers });
    const { database, application, health } = providers;
    // Whoever asks for an earlier backup knows that production answers: its data is what is wrong.
    if (backup === null && database.usable && application.usable && health.usable) {
      throw runbookFailure('providers-usable', {
        happened: `The database platform ${database.found}, the application platform ${application.found}, and the application is ${health.found}.`,
        meaning: 'This is no complete failure: another runbook recovers production in place and loses less.',
        next: 'Abort and start the runbook that fits; skip only if you know that these answers are wrong.',
      });
    }
    return { providers };
  },
  summary: ({ fact }) => {
    const { database, application, health } = fact('providers');
    return `database platform: ${database.found}; application platform: ${application.found}; application: ${health.found}`;
  },
});

/** Finds what production can be rebuilt from: the newest own backup, or the one that was asked for. */
export const chooseStandbySource = check({
  id: 'choose-standby-source',
  title: 'Find the own backup to rebuild from, and read it whole',
  phase: 'checking',
  validatesInput: ({ backup }) => backup?.kind === 'named',
  run: async ({ backup, inputOnly }) => ({
    standbySource: await activities.standby.chooseStandbySource({ backup, readWhole: !inputOnly }),
  }),
  summary: ({ fact }) => {
    const { location, key, snapshotAt, bytes: size } = fact('standbySource');
    return `${key} at ${location}, ${bytes(size)}, shows ${utc(snapshotAt)}: later commits are lost`;
  },
});

/** Makes a database of its own on the standby server and loads the backup into it. */
export const rebuildDatabase = action({
  id: 'rebuild-database',
  title: 'Build a fresh database from the backup',
  phase: 'preparing',
  expected: (policy) => policy.expected.restoreOwnBackup,
  undo: {
    inForce: 'a standby database exists',
    title: 'Drop the standby database',
    prepare: async ({ keyPrefix }) => ({ standbyDatabase: `vendhub_standby_${keyPrefix.slice(-8)}` }),
    run: async ({ fact }) => {
      await activities.standby.dropStandbyDatabase({ database: fact('standbyDatabase') });
    },
  },
  run: async ({ policy, fact }) => ({
    standbyRestore: await activities.restoreInto.restoreBackupInto({
      backup: { kind: 'named', name: fact('standbySource').key },
      target: { variable: 'STANDBY_DATABASE_URL', database: fact('standbyDatabase') },
      maxDurationMs: policy.backups.restoreTestMaxMs,
    }),
  }),
  summary: ({ fact }) => {
    const { rows, database, restoreMs } = fact('standbyRestore');
    return `${plural(rows, 'row', 'rows')} into ${database} in ${duration(restoreMs)}`;
  },
});

/** Holds the rebuilt database against the backup and the policy's invariants. */
export const verifyStandby = check({
  id: 'verify-standby',
  title: 'Verify the rebuilt database',
  phase: 'verifying',
  run: async ({ policy, fact, note }) => {
    const { checks, snapshotAt } = fact('standbyRestore');
    const invariants = await activities.standby.checkStandbyInvariants({
      database: fact('standbyDatabase'),
      invariants: policy.invariants,
    });
    const all = [...checks.map((item) => ({ ...item, advisory: item.advisory === true })), ...invariants];
    const verification = { checks: all, tables: [], newestCommitAt: snapshotAt };
    note({ verification });
    const failed = all.filter(({ passed, advisory }) => !passed && !advisory);
    if (failed.length > 0) {
      throw runbookFailure('verification-failed', {
        happened: `${plural(failed.length, 'check', 'checks')} of ${all.length} failed: ${failed.map(({ name, found, expected }) => `${name} (found ${found}, expected ${expected})`).join('; ')}.`,
        meaning: 'The rebuilt database is not what the backup holds. Nobody uses it.',
        next: 'Retry if it was mended by hand, or abort: the standby database is dropped, and another backup can be chosen.',
      });
    }
    return { verification };
  },
  summary: ({ fact }) => {
    const { checks, newestCommitAt } = fact('verification');
    return `${checks.filter(({ passed }) => passed).length} of ${checks.length} checks passed; shows ${utc(newestCommitAt)}`;
  },
});

/** Brings the copy of the uploaded files to where the standby application reads them. */
export const restoreUploads = action({
  id: 'restore-uploads',
  title: 'Bring the uploaded files back from their copy',
  phase: 'preparing',
  undo: null,
  skippable: 'uploaded files are missing at the standby application',
  when: ({ policy }) => policy.standby.uploads !== null,
  run: async ({ policy }) => {
    const { uploads } = policy.standby;
    if (uploads === null) return {};
    const { transferred, unchanged, failures } = await activities.uploads.syncUploads({
      ...uploads,
      purpose: 'restore',
      keepDays: policy.backups.deletedUploadsGraceMs / dayMs,
      verify: 'changes',
    });
    return { standbyUploads: { ...transferred, unchanged, failed: failures.count } };
  },
  summary: ({ fact }) => {
    const { objects, bytes: size, unchanged, failed } = fact('standbyUploads');
    return `${plural(objects, 'file', 'files')} (${bytes(size)}), ${unchanged} were there, ${failed} failed`;
  },
});

/** Starts the application elsewhere, with production's own variables and the rebuilt database. */
export const startStandbyApplication = action({
  id: 'start-standby-application',
  title: 'Point a new application environment at it',
  phase: 'preparing',
  expected: (policy) => policy.expected.redeploy,
  undo: {
    inForce: 'standby application started',
    title: 'Stop the standby application',
    run: async () => {
      await activities.standby.stopStandbyApplication();
    },
  },
  run: async (context) => {
    const standbyVariables = await activities.standby.writeStandbyVariables({
      database: context.fact('standbyDatabase'),
      stolen: stolenVariables(context),
    });
    await activities.standby.startStandbyApplication();
    return { standbyVariables };
  },
  summary: ({ fact }) => {
    const { configuration, location, names, replaced, leftOut, notCompared } = fact('standbyVariables');
    const without = leftOut.length === 0 ? '' : `; WITHOUT ${leftOut.join(', ')}`;
    const unknown =
      notCompared === null
        ? ''
        : `; NOT held against exchanged secrets, old ones may be among them: ${notCompared}`;
    return `${plural(names.length, 'variable', 'variables')} of ${configuration} at ${location}; replaced: ${replaced.join(', ')}${without}${unknown}`;
  },
});

/** Nobody is sent to an application that does not work. */
export const watchStandbyHealth = check({
  id: 'watch-standby-health',
  title: 'Watch the standby application stay healthy',
  phase: 'verifying',
  run: async ({ policy }) => {
    const { watchMs, probeEveryMs, deadlineMs } = policy.health;
    return {
      standbyHealth: await activities.standby.watchStandbyHealth({ watchMs, probeEveryMs, deadlineMs }),
    };
  },
  summary: ({ fact }) => {
    const { healthySince, watchedMs, probes } = fact('standbyHealth');
    return `healthy since ${utc(healthySince)}, ${probes} probes in ${duration(watchedMs)} without a failure`;
  },
});

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

function switchOverFacts({ fact, facts, policy, scenario, incidentAt, measures }: StepContext) {
  const old = measures.filter(({ step }) => oldProductionSteps.includes(step));
  const { location, key, snapshotAt, passedOver } = fact('standbySource');
  const { rpoMs } = policy.objectives[scenario];
  const lossMs = incidentAt === null ? null : Math.max(0, Date.parse(incidentAt) - Date.parse(snapshotAt));
  const { checks } = fact('verification');
  const { database, application, health, lastMarker = null } = fact('providers');
  return [
    {
      label: 'LOST',
      value: `everything committed after ${utc(snapshotAt)}: ${duration(lossMs)} before the incident, objective ${duration(rpoMs)} (RPO)`,
    },
    ...(lastMarker === null
      ? []
      : [
          {
            label: 'Last marker',
            value: `${utc(lastMarker.writtenAt)}: until then at least the old production took writes; it is kept outside the database, about once a minute`,
          },
        ]),
    { label: 'Backup', value: `${key} at ${location}` },
    ...passedOver.map((value) => ({ label: 'Passed over', value })),
    {
      label: 'Verified',
      value: `${checks.filter(({ passed }) => passed).length} of ${checks.length} checks passed`,
    },
    { label: 'Standby application', value: `healthy since ${utc(fact('standbyHealth').healthySince)}` },
    ...credentialFacts(facts),
    {
      label: 'Uploaded files',
      value:
        facts.standbyUploads === undefined
          ? 'NOT brought back by this run: the standby application reads them from where its variables say'
          : `${facts.standbyUploads.objects} brought back, ${facts.standbyUploads.failed} failed`,
    },
    { label: 'Database platform', value: database.found },
    { label: 'Application platform', value: application.found },
    { label: 'Application', value: health.found },
    ...(database.usable
      ? [
          {
            label: 'DATABASE ANSWERS',
            value: 'that of the old production: what it holds since the backup is given up knowingly',
          },
        ]
      : []),
    {
      label: 'Old production',
      value:
        old.length === 0
          ? 'nothing keeps it from taking writes when it comes back: that is the last step'
          : `${old.map(({ inForce }) => inForce).join('; ')}: stays so after this, so that only one production takes writes`,
    },
    {
      label: 'Not moved',
      value:
        'sessions and passwords that a platform keeps (such as auth users), its files, its jobs and functions',
    },
  ];
}

function credentialFacts({ rotatedCredentials, standbyVariables }: StepContext['facts']) {
  const left = rotatedCredentials?.flatMap(({ id, toDo }) => (toDo === null ? [] : [id])) ?? [];
  const without = standbyVariables?.leftOut ?? [];
  const notCompared = standbyVariables?.notCompared ?? null;
  return [
    ...(left.length === 0 ? [] : [{ label: 'NOT EXCHANGED', value: `${left.join(', ')}: left to a person` }]),
    ...(without.length === 0 ? [] : [{ label: 'Runs without', value: without.join(', ') }]),
    ...(notCompared === null
      ? []
      : [{ label: 'MAY HOLD OLD SECRETS', value: `its variables were not compared: ${notCompared}` }]),
  ];
}

/** Two productions that both take sales cannot be put together again. */
export const keepOldProductionStopped = manual({
  id: 'keep-old-production-stopped',
  title: 'Keep the old production from taking writes when it comes back',
  phase: 'resuming',
  skippable:
    'when the old production comes back, its jobs and open addresses may write to data that nobody reads',
  facts: ({ fact, facts }) => [
    ...(facts.oldProductionKept ?? []).map(({ inForce, since }) => ({
      label: 'In force there',
      value: `${inForce}, since ${utc(since)}: leave it so; this run does not count it as its own any more`,
    })),
    {
      label: 'Database platform',
      value: `${fact('providers').database.found}: pause the project, or restrict its network, as soon as it answers`,
    },
    {
      label: 'Application platform',
      value: `${fact('providers').application.found}: stop the deployment and switch automatic deployments off`,
    },
    {
      label: 'Then',
      value: `what it holds after ${utc(fact('standbySource').snapshotAt)} can be exported and looked through`,
    },
    {
      label: 'Backups',
      value:
        'point DATABASE_URL of the worker at the standby database and restart it: until then backups fail',
    },
  ],
});

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
