import { checkNames, isCheck } from '../contracts/check-names.ts';
import type { ChecklistItem } from '../contracts/checklist.ts';
import {
  commandFor,
  type OperationCheck,
  type OperationName,
  type OperationRecord,
} from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';
import { questionName } from './review/questions.ts';

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

/** An item of the checklist, and what answers it: runs, or how the monitor stands. */
export interface ChecklistQuestion extends Pick<ChecklistItem, 'period' | 'item' | 'maxAgeMs' | 'command'> {
  readonly answeredBy: AnsweringRuns | 'monitor';
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

/** Checks of a monthly review: those that a person answered under this id, or that it made by itself. */
const reviewed =
  (item: string, ...names: readonly string[]) =>
  ({ name }: OperationCheck): boolean =>
    name === questionName(item) || names.some((beginning) => name.startsWith(beginning));

/**
 * The procedure's daily, weekly and monthly items in its order (section 7), then those of its section 10; daily also whether
 * anything watches.
 */
export function checklistQuestions({
  backups,
  overdueAfterMs,
}: Pick<Policy, 'backups' | 'overdueAfterMs'>): readonly ChecklistQuestion[] {
  const done = (period: ChecklistItem['period'], operation: OperationName) => ({
    period,
    maxAgeMs: overdueAfterMs[operation] ?? null,
    command: commandFor({ operation, tier: null }),
  });
  const daily = { period: 'daily', maxAgeMs: backups.maxAgeMs.daily } as const;
  const validation = { command: commandFor({ operation: 'backup-validation', tier: null }) } as const;
  const restoreTest = done('weekly', 'restore-test');
  const monthlyReview = done('monthly', 'monthly-review');
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
    { period: 'daily', maxAgeMs: null, item: 'Monitoring', command: 'monitor', answeredBy: 'monitor' },
    { ...restoreTest, item: 'Test restore procedure', answeredBy: { operation: 'restore-test' } },
    {
      ...restoreTest,
      item: 'Verify data integrity',
      answeredBy: { operation: 'restore-test', checks: isIntegrity },
    },
    {
      ...restoreTest,
      ...validation,
      item: 'Check backup storage',
      answeredBy: { operation: 'backup-validation', checks: isStorage },
    },
    {
      ...done('monthly', 'full-test'),
      item: 'Full disaster recovery test',
      answeredBy: { operation: 'full-test' },
    },
    {
      ...monthlyReview,
      item: 'Review backup retention',
      answeredBy: {
        operation: 'monthly-review',
        checks: reviewed('backup-retention-review', 'retention at', 'last retention'),
      },
    },
    {
      ...monthlyReview,
      item: 'Update recovery procedures',
      answeredBy: { operation: 'monthly-review', checks: reviewed('procedures-updated', 'procedure of') },
    },
    { ...done('monthly', 'drill'), item: 'Monthly DR drills', answeredBy: { operation: 'drill' } },
    {
      ...done('quarterly', 'security-audit'),
      item: 'Quarterly security audit',
      answeredBy: { operation: 'security-audit' },
    },
    {
      ...done('annual', 'plan-review'),
      item: 'Annual recovery plan review',
      answeredBy: { operation: 'plan-review' },
    },
  ];
}

/** Words after `npx dr` by which a person vouches for something. */
export function attestCommand(id: string): string {
  return `attest ${id} --note TEXT`;
}
