import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, startWorker } from '../peer/server.ts';
import { terminal } from '../peer/terminal.ts';

describe('dr attest', () => {
  it('names every problem of the input at once, before anything is asked of Temporal', async () => {
    const { code, err } = await terminal(null).dr('attest', '--valid-days', 'many', '--as', 'NAME');
    expect(code).toBe(2);
    for (const problem of ['item: say what', '--note: say what', 'got "many"', 'put your own name']) {
      expect(err).toContain(problem);
    }
    expect(err).toContain('npx dr attest --help');
  });
});

describe('dr doctor and dr attest', () => {
  let server: TestWorkflowEnvironment;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.teardown());

  it.each([[['doctor']], [['attest', 'team-trained', '--note', 'seen']]])(
    'say that nothing is known where no worker polls, with exit code 3: %j',
    async (words) => {
      const { code, err } = await terminal(server).dr(...words);
      expect(code).toBe(3);
      expect(err).toContain('No worker polls');
    },
  );

  it('tell a script by the exit code: attention is no fault, and unknown is not taken for good', async () => {
    const worker = await startWorker(server, 'doctor-workflows.ts');
    try {
      for (const [environment, expected] of [
        ['healthy', 0],
        ['failed', 1],
        ['unknown', 1],
      ] as const) {
        expect(await terminal(server).dr('doctor', '-e', environment)).toMatchObject({
          code: expected,
          err: '',
        });
      }
    } finally {
      await worker.stop();
    }
  });
});
