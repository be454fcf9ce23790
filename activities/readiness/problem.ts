import { DrError } from '../errors.ts';

/** What a person reads of a probe that failed. Only the project's own errors are quoted: others may hold anything. */
export function problemOf(error: unknown): { readonly happened: string; readonly next: string } {
  if (error instanceof DrError) {
    const { happened, next } = error.explanation;
    return { happened, next };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return {
    happened: `It failed in a way that nobody foresaw (${kind}).`,
    next: 'Look at the log of the worker.',
  };
}
