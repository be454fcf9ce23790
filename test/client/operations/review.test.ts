import { describe, expect, it } from 'vitest';
import { operationsOfThisFile } from './peer/operations.ts';

const { dr } = operationsOfThisFile();

describe('dr review', () => {
  it('says of each review that it was never held, where none was', async () => {
    const { code, out } = await dr('review', '-e', 'unheld');
    expect(code).toBe(0);
    for (const name of ['security-audit', 'plan-review', 'monthly-review']) {
      expect(out).toMatch(new RegExp(`\\n${name}\\n *open +no\\n *last +never\\n *next +not scheduled\\n`));
    }
  });

  it('refuses to begin what is no review, with the names of those that are', async () => {
    for (const argv of [['nonsense'], []]) {
      const { code, err } = await dr('review', 'start', ...argv, '-e', 'refusing');
      expect(code).toBe(2);
      expect(err).toContain('security-audit, plan-review, monthly-review');
    }
  });

  it('begins one without waiting for it, then shows what it asks and what was answered', async () => {
    const begun = await dr('review', 'start', 'plan-review', '-e', 'begun');
    expect(begun.code).toBe(0);
    expect(begun.out).toMatch(/^Begun: plan-review-begun-\d{4}-/);
    expect((await dr('attest', 'plan-read', '--note', 'all of it', '-e', 'begun')).code).toBe(0);
    expect((await dr('attest', 'plan-contacts', '--denied', '--note', 'no number', '-e', 'begun')).code).toBe(
      0,
    );
    const { out } = await dr('review', '-e', 'begun');
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /holds plan-read: .* \(anna, identity not verified, .* UTC: all of it\) asked plan-objectives: .* DENIED plan-contacts: .*: no number\) open since .* UTC, due /,
    );
    expect(out).toContain('npx dr attest plan-objectives --environment begun --note "…"');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
