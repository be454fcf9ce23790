import {
  ActivityFailure,
  ApplicationFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { explainFailure, runbookFailure } from '../../../workflows/runbook/failure.ts';

const explanation = { happened: 'It broke.', meaning: 'It is broken.', next: 'Mend it.' };

function activityFailure(cause: Error): ActivityFailure {
  return new ActivityFailure(
    'Activity task failed',
    'takeInventory',
    '7',
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    'w',
    cause,
  );
}

describe('a failure is explained', () => {
  test('by its own three sentences, also from inside of an activity', () => {
    const failure = runbookFailure('verification-failed', explanation);
    expect(failure.nonRetryable).toBe(true);
    for (const thrown of [failure, activityFailure(failure)]) {
      expect(explainFailure(thrown)).toEqual({ type: 'verification-failed', ...explanation });
    }
  });

  test('as a timeout, with the doubt whether it took effect', () => {
    const explained = explainFailure(
      activityFailure(new TimeoutFailure('late', undefined, TimeoutType.HEARTBEAT)),
    );
    expect(explained.type).toBe('step-timeout');
    expect(explained.happened).toBe('takeInventory did not finish in time (HEARTBEAT).');
    expect(explained.meaning).toContain('may or may not have taken effect');
  });

  test.for<[string, unknown, string]>([
    [
      'details that are no explanation',
      activityFailure(ApplicationFailure.nonRetryable('no', 'odd', { happened: 7 })),
      'takeInventory: no',
    ],
    ['no details', ApplicationFailure.nonRetryable('no', 'odd'), 'the step: no'],
    ['an error of any kind', new Error('no'), 'no'],
    ['no error at all', 'no', 'no'],
  ])('by its message and what can be done when it has %s', ([, thrown, happened]) => {
    const explained = explainFailure(thrown);
    expect(explained.happened).toBe(happened);
    expect(explained.next).not.toBe('');
  });
});
