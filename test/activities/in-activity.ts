import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

/** What surrounds an activity: attempt information, heartbeats, cancellation. Failures are not printed. */
export function activityEnvironment(info: Partial<Info> = {}): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
}

/** Runs work as an activity. */
export function inActivity<T>(environment: MockActivityEnvironment, work: () => Promise<T>): Promise<T> {
  return environment.run<[], T, () => Promise<T>>(work);
}
