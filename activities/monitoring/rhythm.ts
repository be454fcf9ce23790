import type { MonitorPolicy } from '../../workflows/contracts/policy.ts';
import type { ProbeGroup } from './look.ts';
import { pagesProbe } from './probes/pages.ts';
import type { Watch } from './watch.ts';

/** Between two looks of a group, ms: shorter while something was seen bad and does not count as trouble yet. */
export function intervalOf(group: ProbeGroup, watch: Watch, monitor: MonitorPolicy): number {
  const everyMs = group.everyMs(monitor);
  return watch.doubts(group.signals) ? Math.min(everyMs, monitor.confirmEveryMs) : everyMs;
}

/** When a group is due first, Unix ms: in the rhythm of the look before this one, or at once. */
export function firstDue(group: ProbeGroup, watch: Watch, monitor: MonitorPolicy): number {
  const [state] = watch.of(group.signals);
  const last = group === pagesProbe ? watch.memory.examination?.at : state?.probedAt;
  return last == null ? 0 : Date.parse(last) + intervalOf(group, watch, monitor);
}
