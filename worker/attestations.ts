import type { AttestationSpec } from '../workflows/contracts/attestations.ts';

const day = 24 * 3_600_000;

/**
 * What no probe can know. Validity is the rhythm of the procedure (sections 7 and 10) with a few days of grace; where it
 * names none, a year. Those that a review asks for (`reviews.ts`) must be attested anew in each.
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
  {
    id: 'audit-advice',
    statement: 'What the platform’s security advisor says was read, and is mended or accepted.',
    validMs: 98 * day,
  },
  {
    id: 'audit-accounts',
    statement:
      'Everybody with an account at Supabase, Railway, the code host, the object store and the mail provider needs it and has a second factor.',
    validMs: 98 * day,
  },
  {
    id: 'audit-access-logs',
    statement: 'The providers’ own logs of who did what were read; nothing in them is unexplained.',
    validMs: 98 * day,
  },
  {
    id: 'audit-secrets',
    statement: 'No secret lies in the repository, in a chat or on a laptop of somebody who has left.',
    validMs: 98 * day,
  },
  {
    id: 'audit-dependencies',
    statement:
      'The advisories for the application’s and this program’s dependencies were read and dealt with.',
    validMs: 98 * day,
  },
  {
    id: 'plan-read',
    statement: 'The recovery plan was read from end to end by on-call and by its owner, and corrected.',
    validMs: 373 * day,
  },
  {
    id: 'plan-objectives',
    statement: 'The objectives for recovery time and recovery point are still what the business needs.',
    validMs: 373 * day,
  },
  {
    id: 'plan-contacts',
    statement: 'Everybody whom the plan names was reached at the address and the telephone number in it.',
    validMs: 373 * day,
  },
];
