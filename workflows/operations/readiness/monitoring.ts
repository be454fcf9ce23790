import { monitorSchedule } from '../../contracts/monitor.ts';
import type { ReadinessAnswer } from '../../contracts/readiness.ts';
import { monitorStanding } from '../monitor-standing.ts';
import { allOf, bySchedules } from './evidence.ts';
import { attention, dr, type Examination, failed, judged, ok } from './examination.ts';

/** Whether the application can be watched, and the monitor runs, looks, and is not silenced. */
export function monitoring(examination: Examination): ReadinessAnswer {
  return allOf(healthAddress(examination), monitorKept(examination), monitorLooks(examination));
}

function healthAddress({ facts }: Examination): ReadinessAnswer {
  return judged(facts.health, ({ healthy, latencyMs, detail }) =>
    healthy
      ? ok(`the health address answers in ${latencyMs} ms`)
      : failed(
          `the health address says: ${detail}`,
          'Look at the application and its logs, or correct APPLICATION_HEALTH_URL.',
        ),
  );
}

function monitorKept(examination: Examination): ReadinessAnswer {
  return bySchedules(
    examination,
    ({ id }) => id === monitorSchedule,
    failed('the policy has no schedule that keeps the monitor running', 'Add it to worker/schedules.ts.'),
  );
}

function monitorLooks(examination: Examination): ReadinessAnswer {
  const { facts, nowMs } = examination;
  return judged(facts.monitor, (monitor) => {
    const { state, found } = monitorStanding(monitor, nowMs);
    switch (state) {
      case 'absent':
        return failed(found, dr(examination, 'monitor start'));
      case 'blind':
        return failed(
          found,
          'Look at the log of the worker, and at the run of the monitor in Temporal.',
          dr(examination, 'monitor'),
        );
      case 'silenced':
        return attention(found, dr(examination, 'monitor unsilence'));
      case 'incident':
        return attention(found, dr(examination, 'monitor'));
      case 'looks':
        return ok(found);
    }
  });
}
