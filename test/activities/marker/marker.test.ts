import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore } from '../../../activities/adapters/folder-store/index.ts';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { readGrants } from '../../../activities/database/grants.ts';
import { proveSilence } from '../../../activities/database/prove-silence.ts';
import { surveyLoss } from '../../../activities/database/survey-loss.ts';
import { listTables } from '../../../activities/database/tables.ts';
import { verifyRestored } from '../../../activities/database/verify-restored.ts';
import { DrError } from '../../../activities/errors.ts';
import {
  createMarkerWriter,
  type MarkerDependencies,
  readKeptMarker,
} from '../../../activities/marker/index.ts';
import type { MarkerWriting, RecoveryMarker } from '../../../workflows/contracts/marker.ts';
import { run, schemas, startVendHubDatabase, type VendHubDatabase } from '../database/vendhub-database.ts';

const environment = 'production';

let vendHub: VendHubDatabase;
let folder: string;
let store: ReturnType<typeof createFolderStore>;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
});
afterAll(() => vendHub.cluster.dispose());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dr-marker-'));
  store = createFolderStore({ root: folder });
});
afterEach(async () => {
  await run(vendHub.operator, 'DROP SCHEMA IF EXISTS vendhub_dr CASCADE');
  await rm(folder, { recursive: true });
});

const writer = (changes: Partial<MarkerDependencies> = {}) =>
  createMarkerWriter({
    database: vendHub.operator,
    store,
    registry: { recoveryOf: async () => null },
    environment,
    everyMs: 5_000,
    ...changes,
  });

function written(writing: MarkerWriting): RecoveryMarker {
  return writing.kind === 'written' ? writing.marker : expect.unreachable(JSON.stringify(writing));
}

const survey = (targetUnix: number) =>
  surveyLoss(vendHub.operator, { targetUnix, schemas: [...schemas], timestampColumns: [] });

describe('the recovery marker', () => {
  it('makes its own schema, rises with every writing, and is what a survey finds newest', async () => {
    expect((await survey(0)).marker).toBeNull();
    const write = writer();
    const first = written(await write());
    const second = written(await write());
    expect(second).toMatchObject({ sequence: first.sequence + 1, everyMs: 5_000 });
    expect(second.writtenAt > first.writtenAt).toBe(true);
    expect((await survey(0)).marker).toEqual(second);
  });

  it('goes on above the highest one that is known after a restore took it back, or away', async () => {
    const write = writer();
    await write();
    const before = written(await write());
    await run(vendHub.operator, 'UPDATE vendhub_dr.recovery_marker SET sequence = 1');
    expect(written(await write()).sequence).toBe(before.sequence + 1);
    await run(vendHub.operator, 'DROP SCHEMA vendhub_dr CASCADE');
    expect(written(await write()).sequence).toBe(before.sequence + 2);
  });

  it('goes on above it in a new process as well, by what is kept outside the database', async () => {
    const write = writer();
    let newest = written(await write());
    expect(await readKeptMarker(store, environment)).toEqual(newest);
    for (let count = 0; count < 11; count += 1) newest = written(await write());
    await run(vendHub.operator, 'DROP SCHEMA vendhub_dr CASCADE');
    expect(written(await writer()()).sequence).toBeGreaterThan(newest.sequence);
  });

  it('is not written while a recovery changes the environment, and is while one only looks', async () => {
    const inPhase = (phase: string | null) =>
      writer({ registry: { recoveryOf: async () => ({ workflowId: 'w', runId: 'r', phase }) } })();
    for (const phase of ['preparing', 'restoring', 'waiting-for-approval', null]) {
      expect(await inPhase(phase)).toEqual({ kind: 'held-back' });
    }
    expect((await survey(0)).marker).toBeNull();
    for (const phase of ['checking', 'proposed'])
      expect(written(await inPhase(phase)).sequence).toBeGreaterThan(0);
  });

  it('says why it was not written, and never fails: a database that only reads or is gone, Temporal away', async () => {
    const readOnly = new URL(vendHub.operatorUrl);
    readOnly.searchParams.set('options', '-c default_transaction_read_only=on');
    const gone = new URL(vendHub.operatorUrl);
    gone.port = '1';
    for (const url of [readOnly, gone]) {
      const database = createPostgresDatabase({ connectionString: url.href });
      expect(await writer({ database })()).toEqual({
        kind: 'not-written',
        reason: expect.not.stringContaining('operator-password'),
      });
    }
    const away = new DrError('orchestrator-unavailable', { happened: 'away', meaning: '', next: '' });
    expect(await writer({ registry: { recoveryOf: () => Promise.reject(away) } })()).toEqual({
      kind: 'not-written',
      reason: 'away',
    });
  });

  it('is written although the object store is away', async () => {
    const away = () =>
      Promise.reject(new DrError('store-unavailable', { happened: '', meaning: '', next: '' }));
    const write = writer({ store: { ...store, getText: away, putText: away } });
    await write();
    expect(written(await write()).sequence).toBe(2);
  });

  it('stays out of exports, surveys and the grants that a security baseline compares', async () => {
    await writer()();
    const seen = await vendHub.operator.session(async (session) => ({
      tables: await listTables(session, [...schemas], []),
      grants: await readGrants(session, [...schemas, 'vendhub_dr']),
    }));
    expect(JSON.stringify(seen)).not.toContain('vendhub_dr');
    expect(seen.tables.length).toBeGreaterThan(3);
  });

  it('is named by a proof of silence that it disturbed', async () => {
    await writer()();
    let goOn = true;
    const marking = (async () => {
      while (goOn) await writer()();
    })();
    try {
      await expect(
        proveSilence(vendHub.operator, { quietMs: 60_000, deadlineMs: 2_000 }),
      ).rejects.toMatchObject({
        type: 'writers-not-silent',
        explanation: {
          happened: expect.stringMatching(/our own recovery marker was written \d+ times/),
          next: expect.stringContaining('the worker whose monitor goes on'),
        },
      });
    } finally {
      goOn = false;
      await marking;
    }
    const quiet = await proveSilence(vendHub.operator, { quietMs: 50, deadlineMs: 20_000 });
    expect(quiet).not.toHaveProperty('ownMarkers');
  });

  it('must not be later than the target in a restored database', async () => {
    const marker = written(await writer()());
    const markerUnix = Date.parse(marker.writtenAt) / 1000;
    const verify = async (targetUnix: number) => {
      const { checks, ...found } = await verifyRestored(vendHub.operator, {
        targetUnix,
        before: await survey(targetUnix),
        invariants: [],
        schemas: [...schemas],
        timestampColumns: [],
      });
      return { marker: found.marker, check: checks.find(({ name }) => name === 'recovery marker') };
    };
    expect(await verify(Math.floor(markerUnix) + 1)).toMatchObject({ marker, check: { passed: true } });
    expect(await verify(Math.ceil(markerUnix) - 1)).toMatchObject({
      check: { passed: false, advisory: false },
    });
  });
});
