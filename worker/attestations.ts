import type { AttestationSpec } from '../workflows/contracts/attestations.ts';

const day = 24 * 3_600_000;

/**
 * What no probe can know. Validity is the rhythm of the procedure (sections 7 and 10) with a few days of grace; where it
 * names none, a year.
 */
export const attestations: readonly AttestationSpec[] = [
  {
    id: 'recovery-plan-documented',
    statement: 'The recovery plan is written down, and on-call can read it while production is down.',
    validMs: 366 * day,
  },
  {
    id: 'team-trained',
    statement: 'Everybody who is on call has carried out a recovery in the sandbox.',
    validMs: 183 * day,
  },
  {
    id: 'security-audit',
    statement: 'The quarterly security audit was made, and what it found is dealt with.',
    validMs: 98 * day,
  },
  {
    id: 'plan-review',
    statement: 'The recovery plan was read from end to end and corrected.',
    validMs: 373 * day,
  },
  {
    id: 'backup-retention-review',
    statement: 'What is kept, where and for how long was looked at, and is still what is wanted.',
    validMs: 32 * day,
  },
  {
    id: 'procedures-updated',
    statement: 'The recovery procedures are as production is now.',
    validMs: 32 * day,
  },
  {
    id: 'provider-redundancy',
    statement:
      'Where the provider keeps its backups, and in how many regions, was confirmed by the provider.',
    validMs: 366 * day,
  },
];
