import { ApplicationFailure } from '@temporalio/activity';

/** Refuses a target of before 2020 the way that the activities do. */
export async function checkTarget(moment: string): Promise<void> {
  if (Date.parse(moment) >= Date.parse('2020-01-01T00:00:00Z')) return;
  throw ApplicationFailure.nonRetryable('outside the window', 'target-outside-window', {
    happened: `The moment ${moment} lies before the earliest restore point.`,
    meaning: 'The provider cannot go back that far.',
    next: 'Name a moment within the last 7 days.',
  });
}
