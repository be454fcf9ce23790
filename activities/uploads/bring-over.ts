import { decide } from './decide.ts';
import { entryOf, examine } from './examine.ts';
import type { Pair } from './pair.ts';
import type { ListedObject } from './ports.ts';
import { type Found, type Run, walk } from './run.ts';

/** Compares and transfers what is not as it was recorded. */
export async function bringOver(run: Run): Promise<void> {
  const { tally, pair, input } = run;
  tally.phase = 'transferring';
  for await (const found of walk(run, () => undefined)) {
    run.requireGoingOn();
    const { source } = found;
    if (source === undefined) continue;
    const decision = decide(found, pair.ledger);
    const reads = input.verify === 'everything' && pair.local !== undefined;
    if (decision === 'unchanged' && !reads) {
      tally.unchanged += 1;
      continue;
    }
    await run.lanes.start(pair.memoryOf(source.bytes), () =>
      run.attempt(found.key, () => bringOverOne(run, found, source, decision === 'unchanged')),
    );
  }
  await run.lanes.idle();
}

async function bringOverOne(run: Run, found: Found, source: ListedObject, recorded: boolean): Promise<void> {
  const { pair, tally, state, context, input } = run;
  const { destination, entry } = found;
  if (destination !== undefined && destination.bytes === source.bytes) {
    const examined = await examine(pair, { source, destination, entry }, context);
    if (examined.kind === 'same') {
      if (recorded) tally.unchanged += 1;
      else {
        tally.compared += 1;
        state.record(examined.entry);
      }
      return;
    }
    if (examined.damaged && pair.ledger.sourceIsBucket) tally.repaired.add(found.key);
  } else if (isDamaged(found, run.pair)) tally.repaired.add(found.key);
  // Of the same moment as well: stores tell whole seconds, and what was changed within one must not be lost.
  const newer = destination !== undefined && destination.modifiedMs >= source.modifiedMs;
  if (newer && input.purpose === 'restore' && input.replaceNewer !== true) {
    tally.newerKept.add(found.key);
    return;
  }
  const transferred = await pair.transfer(context, { source, destination, entry });
  if (transferred === undefined) {
    tally.changedMeanwhile += 1;
    return;
  }
  tally.objects += 1;
  if (destination !== undefined) tally.replacedKept += 1;
  if (!transferred.verified) tally.unverified += 1;
  state.record(entryOf(pair, { source, destination: { stamp: transferred.destinationStamp } }, transferred));
}

/** Whether the copy has another size although the source is still the one that was recorded. */
function isDamaged({ source, destination, entry }: Found, { ledger, local }: Pair): boolean {
  if (local === undefined || !ledger.sourceIsBucket || destination === undefined) return false;
  return entry?.peer.place === ledger.peerPlace && entry.peer.stamp === source?.stamp;
}
