import { expect } from 'vitest';
import { z } from 'zod';
import { createS3ObjectStore, type S3ObjectStore } from '../../activities/adapters/s3/index.ts';
import { recoveryWorkflowId } from '../../workflows/contracts/names.ts';
import { type Terminal, terminal } from '../client/peer/terminal.ts';
import { eventually } from './condition.ts';
import { served } from './crash.ts';
import type { TestProduction } from './production.ts';
import { Recovery } from './recovery.ts';
import { asSuperuser } from './truth.ts';

const criteria = [
  'Recovery completed within RTO',
  'All data restored correctly',
  'Application fully functional',
  'No data loss',
  'Nothing of the drill left behind',
];

/** What `dr drill --json` prints. */
export const operationRecord = z.object({
  outcome: z.string(),
  workflowId: z.string(),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), found: z.string() })),
  details: z.array(z.string()),
});

/** What is stored of a drill, as far as the tests look at it. */
const drillRecord = z.object({
  id: z.string(),
  scenario: z.string(),
  fault: z.object({ id: z.string() }),
  verdict: z.string(),
  surprise: z.boolean(),
  steps: z.array(z.object({ step: z.string() })),
  approvals: z.array(
    z.object({ by: z.string(), kind: z.string(), simulated: z.boolean(), reason: z.string().nullable() }),
  ),
  participants: z.array(z.object({ name: z.string(), took: z.string() })),
  data: z.object({
    tables: z.array(z.object({ table: z.string(), expected: z.number(), lostAfter: z.number() })),
    lost: z.array(z.object({ table: z.string(), key: z.string() })),
  }),
  fingerprint: z.object({ code: z.record(z.string(), z.string()) }),
  improvements: z.array(z.object({ kind: z.string() })),
});

const named = z.object({ id: z.string() });

/** Drills as the people around them see them: by the command, the store and what production really is. */
export class Drills {
  readonly oncall: Terminal;
  readonly store: S3ObjectStore;
  private readonly production: TestProduction;

  constructor(production: TestProduction) {
    this.production = production;
    const { temporal, environment, s3 } = production.sandbox;
    this.oncall = terminal(temporal.environment, { ...environment, DR_USER: 'oncall' });
    const { endpoint, region, accessKeyId, secretAccessKey } = s3;
    const bucket = environment['S3_BUCKET'] ?? '';
    this.store = createS3ObjectStore({ endpoint, region, accessKeyId, secretAccessKey, bucket });
  }

  /** What lies in the object store. */
  async keysBelow(prefix: string): Promise<string[]> {
    return (await this.store.list(prefix)).map(({ key }) => key).sort();
  }

  /** The stored record of a drill, which lies there as text and as a page too. */
  async storedRecord(id: string) {
    const keys = await this.keysBelow('drills/sandbox/');
    for (const key of keys.filter((name) => name.endsWith('.json'))) {
      const stored: unknown = JSON.parse((await this.store.getText(key)) ?? '');
      if (named.parse(stored).id !== id) continue;
      const others = ['.md', '.html'].map((end) => key.replace('.json', end));
      expect(keys).toEqual(expect.arrayContaining(others));
      return drillRecord.parse(stored);
    }
    throw new Error(`No record of ${id} is stored.`);
  }

  /** A command that must end with every criterion met. */
  async endsWell(given: ReturnType<Terminal['dr']>) {
    const { code, out, err } = await given;
    if (code !== 0) throw new Error(`dr drill ended with ${code}: ${out}${err}`);
    const record = operationRecord.parse(JSON.parse(out));
    expect(record.outcome).toBe('succeeded');
    expect(record.checks.map(({ name, passed }) => [name, passed])).toEqual(
      criteria.map((name) => [name, true]),
    );
    return { record, stored: await this.storedRecord(record.workflowId) };
  }

  /** Holds a drill that must end with every criterion met. */
  hold(...words: string[]) {
    return this.endsWell(this.oncall.dr('drill', ...words, '--json'));
  }

  /** What a drill may not leave: notes, truths, roles, broken variables, an application that is down. */
  async nothingIsLeft(): Promise<void> {
    const { sandbox } = this.production;
    expect(await this.keysBelow('drills-open/')).toEqual([]);
    const traces = await asSuperuser(sandbox, async (client) => {
      const { rows } = await client.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'drill%'
        UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'drill%'`);
      return rows;
    });
    expect(traces).toEqual([]);
    expect(sandbox.railway.service.variables['DATABASE_URL']).toMatch(/^postgres/);
    expect(sandbox.railway.service.autoDeploy).toBe(true);
    await served(sandbox);
  }

  /** The recovery of a drill as soon as it waits for the approval of what cannot be taken back. */
  async recoveryAtItsGate(
    step = 'restore-database',
  ): Promise<{ readonly recovery: Recovery; readonly drillId: string }> {
    const { workflow } = this.production.sandbox.temporal.environment.client;
    return eventually('a recovery that waits at its gate', async () => {
      const run = await workflow
        .getHandle(recoveryWorkflowId('sandbox'))
        .describe()
        .catch(() => undefined);
      if (run?.status.name !== 'RUNNING') return undefined;
      const recovery = new Recovery(this.production.sandbox, run.runId);
      const status = await recovery.peek();
      if (status?.open?.kind !== 'approval' || status.open.step !== step) return undefined;
      return { recovery, drillId: /DRILL (\S+):/.exec(status.reason)?.[1] ?? '' };
    });
  }
}
