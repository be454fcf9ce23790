import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickPolicy, startProduction, type TestProduction } from '../end-to-end/production.ts';
import { sample } from './cases.ts';
import { runCase } from './run-case.ts';

let production: TestProduction;

beforeAll(async () => {
  const restore = { ...quickPolicy.restore, requestDeadlineMs: 3_000 };
  production = await startProduction({ policy: { ...quickPolicy, restore } });
}, 240_000);
afterAll(() => production.stop(), 60_000);

describe('a recovery whose worker is', () => {
  for (const chaosCase of sample) {
    it(`${chaosCase.name}: restores once, and exactly`, async () => {
      expect(await runCase(production, chaosCase)).toMatchObject({ restoreRequests: 1, violations: [] });
    }, 240_000);
  }
});
