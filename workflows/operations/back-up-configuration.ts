import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { runOperation } from './operation.ts';

/** Stores the encrypted configuration at every location (procedure, section 2). */
export async function backUpConfiguration(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'configuration-backup',
      title: 'Backup of the configuration',
      failureMeans: 'After complete failure the application could be built again, but not configured.',
      work: async () => {
        const outcomes = await activities.vault.storeConfiguration({ at: new Date().toISOString() });
        return {
          summary: outcomes.map(({ location, how }) => `${location}: ${how}`).join('; '),
          checks: outcomes.map((outcome) => ({
            name: `configuration at ${outcome.location}`,
            passed: outcome.how !== 'failed',
            found: outcome.how === 'failed' ? outcome.failure.message : `${outcome.how}, ${outcome.key}`,
            expected: 'stored, or there unchanged',
          })),
        };
      },
    },
    input,
  );
}
