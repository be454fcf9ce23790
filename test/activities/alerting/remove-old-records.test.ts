import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore, type FolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { removeOldRecords } from '../../../activities/alerting/remove-old-records.ts';

const hourMs = 3_600_000;
const now = Date.parse('2025-12-01T00:00:00Z');
const hoursAgo = (hours: number) => new Date(now - hours * hourMs).toISOString();

let root: string;
let store: FolderStore;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dr-records-'));
  store = createFolderStore({ root });
});
afterAll(() => rm(root, { recursive: true }));

const put = (operation: string, hours: number, ending = 'json') =>
  store.putText(`operations/production/${operation}/${hoursAgo(hours)}-run.${ending}`, '{}', 'text/plain');
const kept = async (operation: string) => (await store.list(`operations/production/${operation}/`)).length;

describe('old records of operations', () => {
  it('are removed with their pages, but for the newest 400 of each operation', async () => {
    for (let hours = 0; hours < 440; hours += 1) await put('backup', hours);
    await put('backup', 439, 'md');
    await put('backup', 438, 'html');
    await put('plan-review', 20_000);
    await store.putText('operations/production/schedule-counts.json', '[]', 'application/json');
    await store.putText(`operations/staging/backup/${hoursAgo(99)}-run.json`, '{}', 'application/json');

    const input = { environment: 'production', before: hoursAgo(50) };
    expect(await removeOldRecords(store, input)).toEqual({ removed: 42 });
    expect(await kept('backup')).toBe(400);
    expect(await kept('plan-review')).toBe(1);
    expect(await store.getText('operations/production/schedule-counts.json')).toBe('[]');
    expect(await store.list('operations/staging/')).toHaveLength(1);
    expect(await removeOldRecords(store, input)).toEqual({ removed: 0 });
  });

  it('stay while they are younger than the moment, however many they are', async () => {
    for (let hours = 0; hours < 80; hours += 1) await put('uploads-sync', hours);
    await removeOldRecords(store, { environment: 'production', before: hoursAgo(1_000) });
    expect(await kept('uploads-sync')).toBe(80);
  });
});
