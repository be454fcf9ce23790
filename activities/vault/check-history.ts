import { checkAt, checkNames } from '../../workflows/contracts/check-names.ts';
import type { OperationCheck } from '../../workflows/contracts/operations.ts';
import { dayOf, daysBetween, dayText } from './days.ts';
import type { Keyring } from './keyring.ts';
import type { ListedBackup } from './list-backups.ts';
import { describeFailure, type VaultLocation, type VaultWork } from './location.ts';
import { requireManifest } from './open-backup.ts';
import { untrustworthy } from './untrustworthy.ts';
import { verifyObject } from './verify-object.ts';

/** The backups that one location lists. */
export interface Listing {
  readonly location: VaultLocation;
  readonly listed: readonly ListedBackup[];
}

/** What reading the older backups of one location gave. */
interface OlderBackups {
  readonly location: VaultLocation;
  /** Days (`YYYY-MM-DD`) with a backup that can be restored. */
  readonly days: ReadonlySet<string>;
  readonly readWhole: number;
  readonly problems: readonly string[];
}

const dayMs = 86_400_000;

/**
 * Checks that each day has a backup of ours that can be restored, from the first backup on: where the provider keeps
 * less, this is the history (procedure, section 1: 30 days). Of each daily, weekly and monthly one the manifest must be
 * authentic and the size right. At the first location all of them are read whole; at the others, where reading is paid
 * for, one in turn each day.
 *
 * @param listings one a location, the first being that on this machine
 * @param options.now RFC 3339
 * @returns the days that are held and those that are missing; per location what is broken, and as advice what it lacks
 */
export async function checkHistory(
  listings: readonly Listing[],
  {
    keyring,
    now,
    historyMs,
  }: { readonly keyring: Keyring; readonly now: string; readonly historyMs: number },
  work: VaultWork,
): Promise<readonly OperationCheck[]> {
  const turn = Math.floor(Date.parse(now) / dayMs);
  const found: OlderBackups[] = [];
  for (const [index, listing] of listings.entries()) {
    found.push(await readOlder(listing, { keyring, whole: index === 0 ? 'all' : turn }, work));
  }
  const held = new Set(found.flatMap(({ days }) => [...days]));
  const wanted = wantedDays(listings, now, historyMs);
  const isMissing = (days: ReadonlySet<string>) => wanted.filter((day) => !days.has(day));
  const missing = isMissing(held);
  const listedAt = (location: VaultLocation) =>
    listings.find((listing) => listing.location === location)?.listed ?? [];
  const count = Math.round(historyMs / dayMs);
  return [
    {
      name: checkNames.ownHistory,
      passed: wanted.length > 0 && missing.length === 0,
      found: [
        `${wanted.length - missing.length} of ${count} days`,
        dayText(wanted.filter((day) => held.has(day))),
        ...(missing.length === 0 ? [] : [`missing: ${dayText(missing)}`]),
        ...(wanted.length > 0 && wanted.length < count ? [`the first backup is of ${wanted[0]}`] : []),
      ].join('; '),
      expected: `one that can be restored for each of ${count} days, from the first backup on`,
    },
    ...found.map(({ location, days, readWhole, problems }) => ({
      name: checkAt(checkNames.ownOlder, location.name),
      passed: problems.length === 0,
      found:
        problems.length === 0
          ? `${days.size} days, ${readWhole} read whole`
          : problems.slice(0, 3).join(' ') +
            (problems.length > 3 ? ` (and ${problems.length - 3} more)` : ''),
      expected: 'authentic manifests, the sizes that they tell, and right checksums where read',
    })),
    ...found
      .map(({ location, days }) => ({ location, lacks: isMissing(days).filter((day) => held.has(day)) }))
      // One that holds nothing at all, or does not answer, is told as such.
      .filter(({ location, lacks }) => lacks.length > 0 && listedAt(location).length > 0)
      .map(({ location, lacks }) => ({
        name: checkAt(checkNames.ownHistoryComplete, location.name),
        passed: false,
        advisory: true,
        found: `lacks ${dayText(lacks)}, held elsewhere`,
        expected: 'every day that another location holds',
      })),
  ];
}

async function readOlder(
  { location, listed }: Listing,
  { keyring, whole }: { readonly keyring: Keyring; readonly whole: 'all' | number },
  work: VaultWork,
): Promise<OlderBackups> {
  const older = listed.filter(({ kind }) => kind !== 'recent');
  const days = new Set<string>();
  const problems: string[] = [];
  let readWhole = 0;
  for (const [index, { key, at, bytes }] of older.entries()) {
    try {
      const trusted = await requireManifest(location.store, key, keyring);
      const expected = trusted.manifest.object.bytes;
      if (expected !== bytes) {
        throw untrustworthy(`The backup "${key}"`, `has ${bytes} bytes instead of ${expected}`);
      }
      if (whole === 'all' || index === whole % older.length) {
        await verifyObject(location.store, trusted, work);
        readWhole += 1;
      }
      days.add(dayOf(at));
    } catch (error) {
      work.signal.throwIfAborted();
      problems.push(describeFailure(error).message);
    }
  }
  return { location, days, readWhole, problems };
}

/** Today is wanted once it has its backup: before that it is not late. */
function wantedDays(listings: readonly Listing[], now: string, historyMs: number): readonly string[] {
  const listed = listings.flatMap((listing) => listing.listed.filter(({ kind }) => kind !== 'recent'));
  const [first] = listed.map(({ at }) => dayOf(at)).sort();
  if (first === undefined) return [];
  const today = dayOf(now);
  const lastMs = listed.some(({ at }) => dayOf(at) === today) ? Date.parse(now) : Date.parse(now) - dayMs;
  return daysBetween(lastMs - historyMs + dayMs, lastMs).filter((day) => day >= first);
}
