import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore, type FolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { listDrillEvidence } from '../../../activities/fingerprint/list-drill-evidence.ts';
import { failureOf } from '../failure-of.ts';

let root: string;
let store: FolderStore;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dr-drill-evidence-'));
  store = createFolderStore({ root });
});
afterAll(() => rm(root, { recursive: true }));

const drill = (environment: string, finishedAt: string) => ({
  environment,
  scenario: 'data-loss',
  finishedAt,
  succeeded: true,
  failure: null,
  criteria: [{ name: 'within RTO', passed: true, found: '9 min', expected: '30 min' }],
  fingerprint: { code: { workflows: 'c' }, policy: {}, schema: {}, provider: {} },
});
const put = (key: string, value: unknown) => store.putText(key, JSON.stringify(value), 'application/json');

describe('the evidence of drills', () => {
  it('is read from every environment that is named, newest first in each', async () => {
    const [older, newer] = [
      drill('staging', '2025-10-06T15:00:00Z'),
      drill('staging', '2025-11-03T15:00:00Z'),
    ];
    const sandbox = drill('sandbox', '2025-11-20T15:00:00Z');
    await put('drills/staging/2025-10-06T14:00:00.000Z.json', { ...older, more: 'than is read' });
    await put('drills/staging/2025-11-03T14:00:00.000Z.json', newer);
    await put('drills/sandbox/2025-11-20T14:00:00.000Z.json', sandbox);
    await store.putText('drills/staging/2025-11-03T14:00:00.000Z.md', '# Drill', 'text/markdown');
    expect(await listDrillEvidence(store, { environments: ['staging', 'sandbox'] })).toEqual([
      newer,
      older,
      sandbox,
    ]);
    expect(await listDrillEvidence(store, { environments: ['production'] })).toEqual([]);
  });

  it('passes over what cannot be read, and what lies under the name of another environment', async () => {
    const good = drill('mixed', '2025-11-03T15:00:00Z');
    await put('drills/mixed/1.json', good);
    await put('drills/mixed/2.json', drill('staging', '2025-11-04T15:00:00Z'));
    await put('drills/mixed/3.json', { ...good, scenario: 'flood' });
    await store.putText('drills/mixed/4.json', '{', 'application/json');
    expect(await listDrillEvidence(store, { environments: ['mixed'] })).toEqual([good]);
    expect(await failureOf(listDrillEvidence(store, { environments: ['../mixed'] }))).toMatchObject({
      type: 'input-invalid',
    });
  });
});
