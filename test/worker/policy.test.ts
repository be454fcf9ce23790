import { describe, expect, test } from 'vitest';
import { policy } from '../../worker/policy.ts';
import { reviewNames } from '../../workflows/contracts/reviews.ts';

const minute = 60_000;

describe('the policy', () => {
  test('holds the objectives of the procedure, section 8', () => {
    expect(policy.objectives).toEqual({
      'database-corruption': { rtoMs: 15 * minute, rpoMs: minute },
      'application-crash': { rtoMs: 5 * minute, rpoMs: 0 },
      'data-loss': { rtoMs: 30 * minute, rpoMs: minute },
      'security-breach': { rtoMs: 60 * minute, rpoMs: minute },
      'complete-failure': { rtoMs: 120 * minute, rpoMs: 60 * minute },
    });
  });

  test('lets somebody else than the starter approve, whoever starts', () => {
    const approvers = policy.people.filter((person) => person.mayApprove);
    expect(policy.approval.secondPerson).toBe(true);
    expect(approvers.length).toBeGreaterThanOrEqual(2);
    expect(new Set(policy.people.map(({ name }) => name)).size).toBe(policy.people.length);
    for (const { email } of policy.people) expect(email).toMatch(/^[^@\s]+@[^@\s]+$/);
  });

  test('reminds before it escalates, and escalates before any gate expires', () => {
    const { remindAtRtoFraction, escalateAtRtoFraction, expireMs } = policy.approval;
    expect([remindAtRtoFraction, escalateAtRtoFraction]).toEqual([0.1, 0.25]);
    for (const { rtoMs } of Object.values(policy.objectives)) {
      expect(rtoMs * escalateAtRtoFraction).toBeLessThan(expireMs);
    }
  });

  test('keeps the operator in while everybody else is fenced out, and says what stays open', () => {
    expect(policy.fence.operatorCidrs.length).toBeGreaterThan(0);
    expect(policy.fence.operatorCidrs).not.toContain('0.0.0.0/0');
    expect(policy.fence.openRoads.join(' ')).toMatch(/REST.*pg_cron.*edge functions/s);
  });

  test('gives every wait more time than what it waits for', () => {
    const { fence, restore, health, safetyCopy, pollEveryMs } = policy;
    expect(fence.deadlineMs).toBeGreaterThan(fence.quietMs);
    expect(health.deadlineMs).toBeGreaterThan(health.watchMs);
    expect(health.watchMs).toBeGreaterThan(health.probeEveryMs);
    expect(restore.deadlineMs).toBeGreaterThan(policy.expected.restore.maxMs);
    expect(restore.settleMs).toBeGreaterThan(restore.requestDeadlineMs);
    expect(pollEveryMs).toBeLessThan(restore.settleMs);
    expect(safetyCopy.maxBytes).toBeGreaterThan(0);
    const { restore: inPlace, redeploy } = policy.expected;
    for (const { minMs, maxMs } of [inPlace, redeploy]) expect(minMs).toBeLessThan(maxMs);
  });

  test('names tables with their schema, each timestamp column once', () => {
    const tables = policy.timestampColumns.map(({ table }) => table);
    expect(new Set(tables).size).toBe(tables.length);
    const named = [...tables, ...policy.jobQueues.map(({ table }) => table)];
    for (const table of named) {
      expect(table).toMatch(/^[a-z_]+\.[a-z_]+$/);
      expect(policy.schemas).toContain(table.split('.')[0]);
    }
  });

  test('fills only fields into the mail to users that the recovery knows', () => {
    const fields = [...`${policy.mail.userSubject}${policy.mail.userBody}`.matchAll(/{{(\w+)}}/g)];
    expect(fields.length).toBeGreaterThan(0);
    for (const [, field] of fields) expect(['recoveredTo', 'discardedFrom', 'discardedTo']).toContain(field);
  });

  test('lets people attest everything that a review asks, and reminds before it is due', () => {
    const known = policy.attestations.map(({ id }) => id);
    for (const name of reviewNames) {
      const { manual, answerWithinMs, closeAfterMs, remindEveryMs } = policy.reviews[name];
      expect(known).toEqual(expect.arrayContaining([...manual]));
      expect(remindEveryMs).toBeLessThan(answerWithinMs);
      expect(answerWithinMs).toBeLessThan(closeAfterMs);
      expect(policy.schedules.map(({ operation }) => operation)).toContain(name);
    }
  });

  test('ends each review before the next one begins, so that none swallows another', () => {
    const shortestMs = { 'monthly-review': 28, 'security-audit': 90, 'plan-review': 365 } as const;
    for (const name of reviewNames) {
      expect(policy.reviews[name].closeAfterMs).toBeLessThan(shortestMs[name] * 24 * 60 * minute);
    }
  });

  test('tells nothing as overdue that is only waiting for its next moment, or for its answers', () => {
    const longestMs = { 'monthly-review': 35, 'security-audit': 92, 'plan-review': 366 } as const;
    for (const name of reviewNames) {
      const betweenMs = longestMs[name] * 24 * 60 * minute + policy.reviews[name].answerWithinMs;
      expect(policy.overdueAfterMs[name]).toBeGreaterThan(betweenMs);
    }
  });
});
