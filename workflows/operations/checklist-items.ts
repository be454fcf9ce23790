import { checkNames, isCheck } from '../contracts/check-names.ts';
import type { ChecklistItem } from '../contracts/checklist.ts';
import {
  commandFor,
  type OperationCheck,
  type OperationName,
  type OperationRecord,
} from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';

const dayMs = 24 * 3_600_000;

/** A week with a day of grace, ms. */
export const aWeekMs = 8 * dayMs;
/** First Mondays are up to five weeks apart; with a day of grace, ms. */
const aMonthMs = 36 * dayMs;

/** Which runs answer an item, and by what of them. */
export interface AnsweringRuns {
  readonly operation: OperationName;
  /** Which of its records count; every one when absent. */
  readonly counts?: (record: OperationRecord) => boolean;
  /** Which of a record's checks must have passed; when absent the whole run must have succeeded. */
  readonly checks?: (check: OperationCheck) => boolean;
  /** Whether no operation may have an open incident either. */
  readonly withoutIncident?: true;
}

/** What an item of the checklist is answered by: runs, or the word of a person. */
export interface ChecklistQuestion extends Pick<ChecklistItem, 'period' | 'item' | 'maxAgeMs' | 'command'> {
  readonly answeredBy: AnsweringRuns | { readonly attestation: string };
}

const isSize = (check: OperationCheck): boolean => isCheck(check, checkNames.ownSize);

const isStorage = (check: OperationCheck): boolean =>
  isCheck(
    check,
    checkNames.ownPresent,
    checkNames.ownDecryptable,
    checkNames.ownChecksum,
    checkNames.ownOlder,
    checkNames.secondCopy,
    checkNames.freeSpace,
  );

const isIntegrity = ({ name }: OperationCheck): boolean => name !== 'newest backup';

/** The procedure's daily, weekly and monthly items in its order (section 7). */
export function checklistQuestions({
  backups,
  attestations,
}: Pick<Policy, 'backups' | 'attestations'>): readonly ChecklistQuestion[] {
  const daily = { period: 'daily', maxAgeMs: backups.maxAgeMs.daily } as const;
  const weekly = { period: 'weekly', maxAgeMs: aWeekMs } as const;
  const monthly = { period: 'monthly', maxAgeMs: aMonthMs } as const;
  const validation = { command: commandFor({ operation: 'backup-validation', tier: null }) } as const;
  const restoreTest = { command: commandFor({ operation: 'restore-test', tier: null }) } as const;
  const attested = (id: string) => ({
    period: 'monthly' as const,
    maxAgeMs: attestations.find((spec) => spec.id === id)?.validMs ?? null,
    command: attestCommand(id),
    answeredBy: { attestation: id },
  });
  return [
    {
      ...daily,
      item: 'Backup completed successfully',
      command: commandFor({ operation: 'backup', tier: 'daily' }),
      answeredBy: { operation: 'backup', counts: ({ tier }) => tier === 'daily' },
    },
    {
      ...daily,
      ...validation,
      item: 'Backup size reasonable',
      answeredBy: { operation: 'backup-validation', checks: isSize },
    },
    {
      ...daily,
      ...validation,
      item: 'No backup errors',
      answeredBy: { operation: 'backup-validation', withoutIncident: true },
    },
    { ...weekly, ...restoreTest, item: 'Test restore procedure', answeredBy: { operation: 'restore-test' } },
    {
      ...weekly,
      ...restoreTest,
      item: 'Verify data integrity',
      answeredBy: { operation: 'restore-test', checks: isIntegrity },
    },
    {
      ...weekly,
      ...validation,
      item: 'Check backup storage',
      answeredBy: { operation: 'backup-validation', checks: isStorage },
    },
    {
      ...monthly,
      item: 'Full disaster recovery test',
      command: commandFor({ operation: 'full-test', tier: null }),
      answeredBy: { operation: 'full-test' },
    },
    { item: 'Review backup retention', ...attested('backup-retention-review') },
    { item: 'Update recovery procedures', ...attested('procedures-updated') },
  ];
}

/** Words after `npx dr` by which a person vouches for something. */
export function attestCommand(id: string): string {
  return `attest ${id} --note TEXT`;
}
