import { describe, expect, it } from 'vitest';
import { probeGroups } from '../../../activities/monitoring/groups.ts';
import { policy } from '../../../worker/policy.ts';
import type { SignalName } from '../../../workflows/contracts/monitoring.ts';
import { sandboxPolicy } from '../../sandbox/policy.ts';

const reported: readonly SignalName[] = ['user-report', 'outside-alert'];

describe.each([
  ['production', policy.monitor],
  ['the sandbox', sandboxPolicy.monitor],
])('the monitor of %s', (_name, monitor) => {
  it('looks at every signal that has a rule, and has a rule for every signal that it looks at', () => {
    const probed = probeGroups.flatMap(({ signals }) => signals);
    const ruled = monitor.rules.map(({ signal }) => signal).filter((signal) => !reported.includes(signal));
    expect(ruled.sort()).toEqual([...new Set(probed)].sort());
  });

  it.each(probeGroups.flatMap((group) => group.signals.map((signal) => [signal, group] as const)))(
    'notices %s within two intervals of its probe, however soon after a look it turns bad',
    (signal, group) => {
      const badAfter = monitor.rules.find((rule) => rule.signal === signal)?.badAfter ?? Number.NaN;
      const everyMs = group.everyMs(monitor);
      const confirmMs = Math.min(everyMs, monitor.confirmEveryMs);
      expect(everyMs + (badAfter - 1) * confirmMs).toBeLessThanOrEqual(2 * everyMs);
    },
  );
});
