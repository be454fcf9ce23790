import { createHash } from 'node:crypto';
import type { DestructivePlan } from '../../workflows/contracts/evidence.ts';
import { canonicalJson } from '../canonical-json.ts';

/**
 * The SHA-256 of a plan: what an approval approves.
 *
 * @param plan the plan; the order of its keys does not matter
 * @returns lower-case hex, 64 characters
 */
export async function digestPlan(plan: DestructivePlan): Promise<string> {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
