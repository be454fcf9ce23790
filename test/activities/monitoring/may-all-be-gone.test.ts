import { describe, expect, it } from 'vitest';
import { mayAllBeGone } from '../../../activities/monitoring/may-all-be-gone.ts';
import type { Reach, SignalName, SignalState } from '../../../workflows/contracts/monitoring.ts';

const downSince = '2026-01-01T00:00:10.000Z';
const before = '2026-01-01T00:00:09.000Z';
const after = '2026-01-01T00:00:10.500Z';

const state = (signal: SignalName, more: Partial<SignalState> = {}): SignalState => ({
  signal,
  badInARow: 0,
  goodInARow: 5,
  lastGoodAt: before,
  badSince: null,
  trouble: false,
  probedAt: after,
  found: '',
  expected: '',
  unreachable: [],
  tellsOnly: false,
  ...more,
});
const silent = (signal: SignalName, reach: Reach, trouble = false) =>
  state(signal, {
    badInARow: trouble ? 3 : 2,
    goodInARow: 0,
    badSince: after,
    unreachable: [reach],
    trouble,
  });
const down = state('health-check', { trouble: true, badInARow: 3, goodInARow: 0, badSince: downSince });
const platform = 'deployment';
const host = 'database-provider';

describe('whether everything may be gone', () => {
  it.each([
    ['the application is up', [state('health-check'), silent(platform, 'application-platform')]],
    ['its platform has answered since', [down, state(platform), silent(host, host)]],
    [
      'the host of the database has answered since',
      [down, silent(platform, 'application-platform'), state(host)],
    ],
    ['its platform answers that nothing runs', [down, state(platform, { badInARow: 1 }), silent(host, host)]],
    [
      'all of it is known to be',
      [down, silent(platform, 'application-platform', true), silent(host, host, true)],
    ],
  ])('is no question where %s', (_case, states) => {
    expect(mayAllBeGone(states)).toBe(false);
  });

  it.each([
    [
      'both are silent and not yet for long enough',
      [silent(platform, 'application-platform'), silent(host, host)],
    ],
    [
      'one is known to be silent, the other not yet',
      [silent(platform, 'application-platform', true), silent(host, host)],
    ],
    [
      'one is silent, and the other has not answered since',
      [silent(platform, 'application-platform'), state(host, { probedAt: before })],
    ],
  ])('is one where the application is down and %s', (_case, states) => {
    expect(mayAllBeGone([down, ...states])).toBe(true);
  });
});
