import type { OperationInput, OperationRecord } from '../contracts/operations.ts';
import { runOperation } from './operation.ts';
import { checkProvider } from './validate-backups.ts';

/** Looks, after the provider's daily backup, whether it was made (procedure, section 1). */
export async function checkProviderBackups(input: OperationInput): Promise<OperationRecord> {
  return runOperation(
    {
      name: 'provider-check',
      title: 'Check of the provider’s backups',
      failureMeans:
        'Point-in-time recovery may not reach where it should; our own backups lose up to an hour.',
      work: async (_input: OperationInput, policy) => {
        const checks = await checkProvider(policy, new Date().toISOString());
        return { summary: checks.map(({ name, found }) => `${name}: ${found}`).join('; '), checks };
      },
    },
    input,
  );
}
