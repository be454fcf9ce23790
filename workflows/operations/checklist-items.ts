import type { ChecklistItem } from '../contracts/checklist.ts';
import type { OperationCheck, OperationName, OperationRecord } from '../contracts/operations.ts';
import type { Policy } from '../contracts/policy.ts';

const dayMs = 24 * 3_600_000;

/** What an item of the checklist is answered by. */
export interface ChecklistQuestion extends Pick<ChecklistItem, 'period' | 'item' | 'maxAgeMs' | 'command'> {
  /** Null where nothing leaves evidence. */
  readonly answeredBy: {
    readonly operation: OperationName;
    /** Which of its records count; every one when absent. */
    readonly counts?: (record: OperationRecord) => boolean;
    /** Which of a record's checks must have passed; when absent the whole run must have succeeded. */
    readonly checks?: (check: OperationCheck) => boolean;
    /** Whether no operation may have an open incident either. */
    readonly withoutIncident?: true;
  } | null;
  /** Said where nothing leaves evidence. */
  readonly otherwise?: string;
}

/** The key of a daily backup stands at the beginning of its summary. */
const isDaily = ({ summary }: OperationRecord): boolean => summary.startsWith('daily/');

const isSize = ({ name }: OperationCheck): boolean => name === 'own export of reasonable size';

const isStorage = ({ name }: OperationCheck): boolean =>
  /^(own export present|checksum right|second copy equal|free space)/.test(name);

const isIntegrity = ({ name }: OperationCheck): boolean => name !== 'newest backup';

/** The procedure's daily, weekly and monthly items in its order (section 7); a week and a month have a day of grace. */
export function checklistQuestions({ backups }: Pick<Policy, 'backups'>): readonly ChecklistQuestion[] {
  const daily = { period: 'daily', maxAgeMs: backups.maxAgeMs.daily } as const;
  const weekly = { period: 'weekly', maxAgeMs: 8 * dayMs } as const;
  const monthly = { period: 'monthly', maxAgeMs: 32 * dayMs } as const;
  const validation = { command: 'backup validate' } as const;
  const restoreTest = { command: 'backup test-restore' } as const;
  return [
    {
      ...daily,
      item: 'Backup completed successfully',
      command: 'backup --tier daily',
      answeredBy: { operation: 'backup', counts: isDaily },
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
      maxAgeMs: null,
      command: null,
      answeredBy: null,
      otherwise: 'no drill yet',
    },
    {
      ...monthly,
      item: 'Review backup retention',
      command: 'backup retention',
      answeredBy: { operation: 'retention' },
    },
    { ...monthly, item: 'Update recovery procedures', maxAgeMs: null, command: null, answeredBy: null },
  ];
}
