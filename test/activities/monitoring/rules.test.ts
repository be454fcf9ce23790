import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../activities/monitoring/reading.ts';
import { advance, evidenceOf, isDoubtful } from '../../../activities/monitoring/rules.ts';
import type { MonitorRule, SignalState } from '../../../workflows/contracts/monitoring.ts';

const rule: MonitorRule = {
  signal: 'health-check',
  scenario: 'application-crash',
  badAfter: 3,
  goodAfter: 2,
};
const verdicts = { g: 'good', b: 'bad', u: 'unknown' } as const;
const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();

const reading = (letter: string, n: number): Reading => ({
  signal: 'health-check',
  verdict: letter === 'g' ? verdicts.g : letter === 'b' ? verdicts.b : verdicts.u,
  found: `probe ${n}`,
  expected: 'healthy',
  ...(letter === 'b' && { unreachable: ['application'] }),
});

/** One reading a second. */
function havingSeen(readings: string, from?: SignalState): SignalState | undefined {
  return [...readings].reduce<SignalState | undefined>(
    (state, letter, n) => advance(state, rule, reading(letter, n), at(n)),
    from,
  );
}

describe('a rule', () => {
  it.each([
    ['g', false],
    ['b', false],
    ['bb', false],
    ['bbb', true],
    ['bbg', false],
    ['bgbgbgbgb', false],
    ['bbgbb', false],
    ['bubub', true],
    ['uuuuuu', false],
    ['bbuuuu', false],
    ['bbbg', true],
    ['bbbgg', false],
    ['bbbgbg', true],
    ['bbbgug', false],
    ['bbbuuuuuu', true],
    ['bbbggb', false],
    ['bbbggbbb', true],
  ])('after %s counts as trouble: %s', (readings, trouble) => {
    expect(havingSeen(readings)?.trouble).toBe(trouble);
  });

  it.each([
    ['gggbbb', 2, 3],
    ['ggbgbbb', 3, 4],
    // Good readings amid trouble do not move the moment that a recovery goes back to.
    ['gbbbgb', 0, 1],
    ['gbbbgg', 5, null],
    ['gubbb', 0, 2],
  ])('after %s knows when it was good last and bad first', (readings, good, bad) => {
    expect(havingSeen(readings)).toMatchObject({
      lastGoodAt: at(good),
      badSince: bad === null ? null : at(bad),
    });
  });

  it('never saw good what began bad', () => {
    expect(havingSeen('bbb')).toMatchObject({
      lastGoodAt: null,
      badSince: at(0),
      unreachable: ['application'],
    });
  });

  it('keeps the words of the trouble until it is over', () => {
    expect(havingSeen('bbbu')).toMatchObject({ found: 'probe 2', expected: 'healthy' });
    expect(havingSeen('gu')).toMatchObject({ found: 'probe 1', expected: 'healthy' });
    expect(havingSeen('bbbg')).toMatchObject({ found: 'probe 2', unreachable: ['application'] });
    expect(havingSeen('bbbgg')).toMatchObject({ found: 'probe 4', unreachable: [] });
  });

  it('doubts what was seen bad and is no trouble yet', () => {
    expect(['g', 'b', 'bb', 'bbb', 'bbg'].map((one) => isDoubtful(havingSeen(one) ?? expect.fail()))).toEqual(
      [false, true, true, false, false],
    );
  });

  it('gives evidence of trouble only, and of what is told for no scenario', () => {
    const trouble = havingSeen('gbbb') ?? expect.fail();
    expect(evidenceOf([trouble], [rule])).toMatchObject([
      {
        signal: 'health-check',
        scenario: 'application-crash',
        since: at(1),
        lastGoodAt: at(0),
        found: 'probe 3',
      },
    ]);
    expect(evidenceOf([{ ...trouble, tellsOnly: true }], [rule])).toMatchObject([{ scenario: null }]);
    expect(evidenceOf([havingSeen('gbb') ?? expect.fail()], [rule])).toEqual([]);
    expect(evidenceOf([trouble], [])).toEqual([]);
  });
});
