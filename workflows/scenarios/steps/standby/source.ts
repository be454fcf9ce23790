import { activities } from '../../../runbook/activities.ts';
import { runbookFailure } from '../../../runbook/failure.ts';
import { bytes, utc } from '../../../runbook/format.ts';
import { check } from '../../../runbook/runbook.ts';

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
