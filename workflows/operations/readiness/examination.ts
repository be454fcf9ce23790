import type { Policy } from '../../contracts/policy.ts';
import type { ReadinessAnswer, ReadinessItem } from '../../contracts/readiness.ts';
import type { TestAlert } from './alert-roads.ts';
import type { Fact, Facts } from './facts.ts';

/** What the items of the production checklist are judged by. */
export interface Examination {
  readonly environment: string;
  readonly policy: Policy;
  readonly facts: Facts;
  /** UTC, ms. */
  readonly nowMs: number;
  /** Null when none was asked for. */
  readonly testAlert: TestAlert | null;
}

/** One item as it is declared: how it is judged. */
export interface ReadinessQuestion extends Pick<ReadinessItem, 'group' | 'item'> {
  readonly judge: (examination: Examination) => ReadinessAnswer;
}

/** All is well. */
export const ok = (found: string): ReadinessAnswer => ({ state: 'ok', found, todo: [] });

/** Something is broken or missing. */
export const failed = (found: string, ...todo: readonly string[]): ReadinessAnswer => ({
  state: 'failed',
  found,
  todo,
});

/** Nothing is broken, but somebody should know. */
export const attention = (found: string, ...todo: readonly string[]): ReadinessAnswer => ({
  state: 'attention',
  found,
  todo,
});

/** Judges a fact; one that is not known is `unknown`, with the reason, and never taken for good. */
export function judged<T>(fact: Fact<T>, judge: (value: T) => ReadinessAnswer): ReadinessAnswer {
  return fact.known ? judge(fact.value) : { state: 'unknown', found: fact.why, todo: [fact.next] };
}

/** The same for an item that asks whether something answers at all: silence is its answer. */
export function judgedReachable<T>(fact: Fact<T>, judge: (value: T) => ReadinessAnswer): ReadinessAnswer {
  return fact.known ? judge(fact.value) : failed(fact.why, fact.next);
}

/** A `dr` command to copy. */
export function dr({ environment }: Pick<Examination, 'environment'>, words: string): string {
  return `npx dr ${words} --environment ${environment}`;
}
