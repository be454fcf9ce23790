import { decide } from './decide.ts';
import { type Run, walk } from './run.ts';

/**
 * Moves what is no longer at the source to what is kept, or counts it where it is left alone. Comes before anything is
 * brought over, so that a file is out of the way of a folder of its name, and the other way round.
 */
export async function removeSurplus(run: Run): Promise<void> {
  const { tally, input, listings, retention, state, context } = run;
  tally.phase = 'deleting';
  tally.sourceWasEmpty = tally.listed.source === 0 && listings.destination.count > 0;
  const deletes = input.purpose === 'backup' && !tally.sourceWasEmpty;
  for await (const found of walk(run, (object, why) => tally.refused.add({ key: object.key, why }))) {
    run.requireGoingOn();
    const decision = decide(found, run.pair.ledger);
    if (decision === 'forget') state.forget(found.key);
    const { destination } = found;
    if (decision !== 'surplus' || destination === undefined) continue;
    if (!deletes) {
      tally.leftAlone.add(found.key);
      continue;
    }
    await run.lanes.start(0, () =>
      run.attempt(found.key, async () => {
        await retention.retire(destination, context.signal);
        state.forget(found.key);
        tally.deletedKept += 1;
      }),
    );
  }
  await run.lanes.idle();
}
