import { describe, expect, it } from 'vitest';
import { backupKey, readBackupKey } from '../../../activities/vault/backup-name.ts';
import { alsoKeptAs } from '../../../activities/vault/keep-as.ts';
import {
  keptUntil,
  planRotation,
  procedureRotation,
  type RotatedBackup,
} from '../../../activities/vault/rotation-plan.ts';

const dayMs = 86_400_000;
const halfHourMs = 1_800_000;
const policy = procedureRotation;

const entry = (kind: RotatedBackup['kind'], at: string): RotatedBackup => {
  const key = backupKey(kind, at);
  return { key, kind, at: readBackupKey(key)?.at ?? '', bytes: 100 };
};
/** The name of a day's backup holds the day; it is made at 03:00, an hour and a half before the rotation. */
const madeAt = ({ kind, at }: RotatedBackup) => (kind === 'recent' ? at : at.replace('T00:', 'T03:'));
const keysOf = (backups: readonly { readonly key: string }[]) => backups.map(({ key }) => key);

describe('a rotation', () => {
  it('keeps exactly 30 days, 12 Saturdays and 12 firsts after 14 months, and two days of half-hours', () => {
    let held: RotatedBackup[] = [];
    const first = Date.parse('2024-10-01T03:00:00Z');
    const days = 426;
    for (let day = 0; day < days; day += 1) {
      const start = first + day * dayMs;
      const at = new Date(start).toISOString();
      for (let half = 0; half < 48; half += 1) {
        held.push(entry('recent', new Date(start - dayMs + (half + 1) * halfHourMs).toISOString()));
      }
      for (const kind of ['daily', ...alsoKeptAs(at)] as const) held.push(entry(kind, at));
      const plan = planRotation(held, { policy, newestVerified: backupKey('daily', at), now: at });
      expect(plan.keep.length + plan.remove.length).toBe(held.length);
      const removed = new Set(keysOf(plan.remove));
      const stillLocked = held.filter(
        (backup) =>
          removed.has(backup.key) && keptUntil({ ...backup, at: madeAt(backup) }, policy) > new Date(at),
      );
      expect(keysOf(stillLocked)).toEqual([]);
      held = held.filter(({ key }) => !removed.has(key));
    }
    const ofKind = (kind: string) =>
      held.filter((backup) => backup.kind === kind).map(({ at }) => at.slice(0, 10));
    expect(ofKind('daily')).toHaveLength(30);
    expect(ofKind('daily').toSorted()[0]).toBe('2025-11-01');
    expect(ofKind('weekly')).toHaveLength(12);
    expect(ofKind('weekly').every((day) => new Date(day).getUTCDay() === 6)).toBe(true);
    expect(ofKind('weekly').toSorted().at(-1)).toBe('2025-11-29');
    expect(ofKind('monthly').toSorted()).toEqual(
      [
        '2024-12',
        ...Array.from({ length: 11 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`),
      ].map((month) => `${month}-01`),
    );
    expect(ofKind('recent')).toHaveLength(97);
  });

  it.each([
    ['recent', '2025-12-01T03:00:00.000Z'],
    ['daily', '2025-12-29T03:00:00.000Z'],
    ['weekly', '2026-02-21T03:00:00.000Z'],
    ['monthly', '2026-11-29T03:00:00.000Z'],
  ] as const)('locks a %s one until %s where the bucket can', (kind, until) => {
    expect(keptUntil({ kind, at: '2025-11-29T03:00:00Z' }, policy).toISOString()).toBe(until);
  });

  const old = ['2025-01-01', '2025-01-02', '2025-01-03'].map((day) => entry('daily', `${day}T00:00:00Z`));
  const strict = { daily: 1, weekly: 0, monthly: 0, sql: 1, recentMs: 0 };
  const now = '2025-06-01T00:00:00Z';

  it('removes nothing while no backup is known to be whole', () => {
    const plan = planRotation(old, { policy: strict, newestVerified: null, now });
    expect(plan.remove).toEqual([]);
    expect(plan.keep.map(({ why }) => why)).toContain('no backup is known to be whole, so none is removed');
  });

  it('does not remove the newest one that is whole, though newer ones are there', () => {
    const whole = backupKey('daily', '2025-01-01T00:00:00Z');
    const plan = planRotation(old, { policy: strict, newestVerified: whole, now });
    expect(keysOf(plan.remove)).toEqual([backupKey('daily', '2025-01-02T00:00:00Z')]);
    expect(plan.keep.find(({ key }) => key === whole)?.why).toBe('the newest one known to be whole');
  });

  it('does not remove the last of a kind', () => {
    const backups = [
      ...old,
      entry('weekly', '2025-01-04T00:00:00Z'),
      entry('recent', '2025-01-01T00:00:00Z'),
      entry('recent', '2025-01-01T00:30:00Z'),
    ];
    const plan = planRotation(backups, { policy: strict, newestVerified: old[2]?.key ?? null, now });
    expect(keysOf(plan.keep)).toEqual([
      'recent/backup-2025-01-01T003000Z.json.gz.enc',
      'daily/backup-2025-01-03.json.gz.enc',
      'weekly/backup-2025-01-04.json.gz.enc',
    ]);
    expect(plan.keep[0]?.why).toBe('the last recent one');
  });
});

describe('the name of a backup', () => {
  it.each([
    ['daily', '2025-11-29T02:00:00+05:00', 'daily/backup-2025-11-28.json.gz.enc'],
    ['recent', '2025-11-29T03:30:00Z', 'recent/backup-2025-11-29T033000Z.json.gz.enc'],
  ] as const)('%s of %s is %s', (kind, at, key) => {
    expect(backupKey(kind, at)).toBe(key);
    expect(readBackupKey(key)?.kind).toBe(kind);
  });

  it.each([
    'daily/backup-2025-11-29T033000Z.json.gz.enc',
    'recent/backup-2025-11-29.json.gz.enc',
    'daily/backup-2025-02-30.json.gz.enc',
    'daily/backup-2025-11-29.json.gz.enc.manifest.json',
    'daily/notes.txt',
  ])('%s is none', (key) => {
    expect(readBackupKey(key)).toBeUndefined();
  });

  it('needs a moment with an offset', () => {
    expect(() => backupKey('daily', '2025-11-29T03:00:00')).toThrow('no moment with an offset');
  });
});
