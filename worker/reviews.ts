import type { Policy } from '../workflows/contracts/policy.ts';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * What each review of the procedure looks at by itself, and what it asks people (procedure, sections 7 and 10). It closes
 * before the next one is due, so that one which nobody answers swallows none.
 */
export const reviews: Policy['reviews'] = {
  'security-audit': {
    checks: ['security-baseline', 'security-probes', 'credentials', 'programs', 'contacts'],
    manual: ['audit-advice', 'audit-accounts', 'audit-access-logs', 'audit-secrets', 'audit-dependencies'],
    answerWithinMs: 14 * day,
    closeAfterMs: 80 * day,
    remindEveryMs: 3 * day,
  },
  'plan-review': {
    checks: ['production-checklist', 'scenarios-verified', 'objectives', 'procedures', 'contacts'],
    manual: ['plan-read', 'plan-objectives', 'plan-contacts'],
    answerWithinMs: 30 * day,
    closeAfterMs: 180 * day,
    remindEveryMs: 7 * day,
  },
  'monthly-review': {
    checks: ['retention', 'restore-tests', 'procedures', 'scenarios-verified'],
    manual: ['backup-retention-review', 'procedures-updated'],
    answerWithinMs: 7 * day,
    closeAfterMs: 24 * day,
    remindEveryMs: 2 * day,
  },
};

/** The rhythm of the procedure (sections 7, 9 and 10) with some grace: first Mondays are up to five weeks apart. */
export const overdueAfterMs: Policy['overdueAfterMs'] = {
  'schedules-check': 2 * hour + hour / 2,
  'overdue-check': day + 2 * hour,
  'backup-validation': day + 2 * hour,
  'restore-test': 8 * day,
  'full-test': 36 * day,
  drill: 36 * day,
  'monthly-review': 50 * day,
  'security-audit': 110 * day,
  'plan-review': 400 * day,
};
