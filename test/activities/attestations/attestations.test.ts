import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore, type FolderStore } from '../../../activities/adapters/folder-store/index.ts';
import {
  type AttestationActivities,
  createAttestationActivities,
} from '../../../activities/attestations/index.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';

const dayMs = 24 * 3_600_000;
const specs = [{ id: 'team-trained', statement: 'The team is trained.', validMs: 10 * dayMs }];
const request = {
  environment: 'production',
  startedBy: 'anna',
  item: 'team-trained',
  holds: true,
  note: '  all four  ',
  validDays: null,
  at: '2025-11-01T10:00:00.000Z',
  specs,
};

let root: string;
let store: FolderStore;
let attestations: AttestationActivities;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dr-attestations-'));
  store = createFolderStore({ root });
  attestations = createAttestationActivities({ store });
});
afterAll(() => rm(root, { recursive: true }));

const record = (change: Partial<Parameters<AttestationActivities['recordAttestation']>[0]> = {}) =>
  inActivity(activityEnvironment(), () => attestations.recordAttestation({ ...request, ...change }));

describe('attestations', () => {
  it.each([
    ['an item that the policy does not know', { item: 'world-peace' }],
    ['an item that could leave its folder', { item: '../team-trained' }],
    ['an empty note', { note: '   ' }],
    ['a note that is too long', { note: 'x'.repeat(1001) }],
    ['no days', { validDays: 0 }],
    ['more days than the policy lets it count', { validDays: 11 }],
    ['half a day', { validDays: 0.5 }],
    ['an environment that could leave its folder', { environment: '../other' }],
  ])('are refused for %s, and nothing is stored', async (_what, change) => {
    const failure = await failureOf(record(change));
    expect(failure).toMatchObject({ type: 'input-invalid', retried: false });
    expect(await store.list('')).toEqual([]);
  });

  it('count as long as the policy or the person says, and the newest of each item counts', async () => {
    const first = await record();
    expect(first).toMatchObject({ by: 'anna', note: 'all four', validUntil: '2025-11-11T10:00:00.000Z' });
    const second = await record({ at: '2025-11-05T10:00:00.000Z', validDays: 3, startedBy: 'bert' });
    expect(second.validUntil).toBe('2025-11-08T10:00:00.000Z');
    expect(await attestations.listAttestations({ environment: 'production' })).toEqual([second]);
    expect(await attestations.listAttestations({ environment: 'other' })).toEqual([]);
  });

  it('are recorded once, however often the same is tried', async () => {
    const again = { at: '2025-11-06T10:00:00.000Z' };
    await record(again);
    const before = await store.list('attestations/');
    await record(again);
    expect((await store.list('attestations/')).map(({ key }) => key)).toEqual(before.map(({ key }) => key));
  });

  it('that cannot be read, or lie under another name, are passed over for an older one', async () => {
    const [newest] = await attestations.listAttestations({ environment: 'production' });
    const folder = 'attestations/production/team-trained';
    await store.putText(`${folder}/2025-12-01T00:00:00.000Z-a.json`, 'no JSON', 'application/json');
    const foreign = JSON.stringify({ ...newest, item: 'plan-review' });
    await store.putText(`${folder}/2025-12-02T00:00:00.000Z-b.json`, foreign, 'application/json');
    expect(await attestations.listAttestations({ environment: 'production' })).toEqual([newest]);
  });
});
