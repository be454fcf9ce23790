import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

// Failures that a test provokes are no news.
const logger = new DefaultLogger('ERROR');

/** An environment for one activity, which says nothing of failures. */
export function quietEnvironment(info: { readonly attempt?: number } = {}): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger });
}

/** Runs an activity as a worker would, once. */
export function runActivity<Input, Output>(
  activity: (input: Input) => Promise<Output>,
  input: Input,
  environment: MockActivityEnvironment = quietEnvironment(),
): Promise<Output> {
  return environment.run<[Input], Output, (input: Input) => Promise<Output>>(activity, input);
}
