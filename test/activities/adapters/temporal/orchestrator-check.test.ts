import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemporalOrchestrator } from '../../../../activities/adapters/temporal/index.ts';
import { freeServerPort } from '../../../sandbox/process/free-port.ts';
import { failureOf } from '../../failure-of.ts';
import { startTestTemporal } from './test-temporal.ts';

describe('how a real Temporal stands', () => {
  let temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  beforeAll(async () => {
    temporal = await startTestTemporal();
  });
  afterAll(() => temporal?.stop());

  it('is read: every search attribute is there until one is removed, and no worker polls', async () => {
    expect(await temporal.check.readFacts()).toEqual({ missingSearchAttributes: [], workers: 0 });
    await temporal.client.connection.operatorService.removeSearchAttributes({
      namespace: 'default',
      searchAttributes: ['DrStep'],
    });
    await expect
      .poll(async () => (await temporal.check.readFacts()).missingSearchAttributes)
      .toEqual(['DrStep']);
  });

  it('is not known where nobody answers', async () => {
    const address = `127.0.0.1:${await freeServerPort()}`;
    const away = createTemporalOrchestrator({ connectionOptions: { address } });
    expect((await failureOf(away.check.readFacts())).type).toBe('orchestrator-unavailable');
    await away.close();
  });
});
