import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { historyTexts } from '../end-to-end/secrets.ts';

const folder = new URL('histories/', import.meta.url);
const corpus = readdirSync(folder).map((name) => ({
  name,
  history: historyFromJSON(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
}));
const ofDataLoss = corpus.filter(({ name }) => name.startsWith('data-loss-'));

/** The errors of a replay of each history, by name; empty when all of them replay. */
async function failures(bundle: WorkflowBundle, histories: typeof corpus): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const replays = Worker.runReplayHistories(
    { workflowBundle: bundle },
    histories.map(({ name, history }) => ({ workflowId: name, history })),
  );
  for await (const { workflowId, error } of replays) {
    if (error !== undefined) found.set(workflowId, `${error.name}: ${error.message}`);
  }
  return found;
}

function bundleOf(path: string): Promise<WorkflowBundle> {
  return bundleWorkflows(new DefaultLogger('ERROR'), fileURLToPath(new URL(path, import.meta.url)));
}

describe('recorded recoveries', () => {
  beforeAll(() => {
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: 'ERROR' } },
    });
  });

  test('are there: of each end that a recovery can come to', () => {
    const happened = corpus.map(({ name }) => name.replace(/-\d+\.\d+\.\d+-/, ' ').replace('.json', ''));
    expect(happened).toEqual(
      expect.arrayContaining([
        'data-loss recovered',
        'data-loss rejected',
        'data-loss cancelled',
        'data-loss failed-step-retried',
        'data-loss left-fenced',
        'data-loss repaired',
        'data-loss replanned',
        'data-loss restore-sent-again',
        'plan planned',
      ]),
    );
  });

  test('go on with the workflows as they are now', async () => {
    expect(await failures(await bundleOf('../../workflows/index.ts'), corpus)).toEqual(new Map());
  });

  test.for([
    ['leaves out a step', 'broken/leaves-out.ts'],
    ['reorders its steps', 'broken/reorders.ts'],
  ] as const)('do not go on with a runbook that %s', async ([, broken]) => {
    const found = await failures(await bundleOf(broken), ofDataLoss);
    const unharmed = ofDataLoss.filter(({ name }) => !found.has(name)).map(({ name }) => name);
    expect(unharmed.every((name) => name.endsWith('-repaired.json'))).toBe(true);
    expect(found.size).toBeGreaterThan(0);
    for (const error of found.values()) expect(error).toContain('DeterminismViolationError');
  });

  test.for(corpus)('hold no path, process or password: $name', ({ history }) => {
    const text = historyTexts(history).join('\n');
    expect(text).not.toMatch(/\/(home|root|tmp|work|Users|dev\/shm)\//);
    expect(text).not.toMatch(/\b\d+@[\w.-]+/);
    expect(text).not.toMatch(/postgres(ql)?:\/\/|smtps?:\/\/|sbp_|BEGIN [A-Z ]*PRIVATE KEY/);
  });
});
