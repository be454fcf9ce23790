import type { RecoveryInput } from '../contracts/inputs.ts';

/**
 * Whether production's credentials count as stolen for a recovery: a person said so, or a security breach handed over to
 * it.
 */
export function knowsOfStolen({ credentialsStolen, handedOverBy }: RecoveryInput): boolean {
  return credentialsStolen === true || handedOverBy?.scenario === 'security-breach';
}
