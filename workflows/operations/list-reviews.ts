import { type ReviewName, type ReviewState, type ReviewsInput, reviewNames } from '../contracts/reviews.ts';
import { activities } from '../runbook/activities.ts';
import { questionsOf } from './review/questions.ts';

/**
 * Says of each review whether it is open, what it asks and what was answered, how the last one ended, and when the next
 * one begins. Reads only.
 *
 * @throws `store-unavailable` or `orchestrator-unavailable` after its retries, `store-refused`
 */
export async function reviews({ environment }: ReviewsInput): Promise<readonly ReviewState[]> {
  const policy = await activities.governance.admit({ environment, startedBy: null });
  const [running, attestations, schedules] = await Promise.all([
    activities.coordination.listOpenReviews({ environment }),
    activities.attestations.listAttestations({ environment }),
    activities.coordination.listSchedules({ environment, upcoming: 1 }),
  ]);
  return Promise.all(
    reviewNames.map(async (name): Promise<ReviewState> => {
      const spec = policy.reviews[name];
      const open = running.find(({ review }) => review === name);
      return {
        name,
        open:
          open === undefined
            ? null
            : {
                workflowId: open.workflowId,
                since: open.startedAt,
                due: new Date(Date.parse(open.startedAt) + spec.answerWithinMs).toISOString(),
                questions: questionsOf(spec, policy, attestations, open.startedAt),
              },
        last: await lastOf(environment, name),
        nextAt: schedules.find(({ operation }) => operation === name)?.nextAt[0] ?? null,
      };
    }),
  );
}

async function lastOf(environment: string, operation: ReviewName): Promise<ReviewState['last']> {
  const [record] = await activities.alerting.listOperationRecords({ environment, operation, limit: 1 });
  if (record === undefined) return null;
  const { outcome, finishedAt, summary } = record;
  return { outcome, finishedAt, summary };
}
