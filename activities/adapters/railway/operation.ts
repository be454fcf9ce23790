import type { z } from 'zod';

/** One GraphQL operation: what is sent, and how its answer must look. */
export interface RailwayOperation<Variables extends Record<string, unknown>, Answer> {
  /** Goes into error texts: `reading the deployments`. */
  readonly purpose: string;
  readonly document: string;
  /** Checks the `data` of the answer. */
  readonly answer: z.ZodType<Answer>;
  /** Never called: ties the variables' type to the operation. */
  readonly variables?: (variables: Variables) => void;
}

/** Names the type of an operation's variables; the type of its answer follows from the schema. */
export function operation<Variables extends Record<string, unknown>>() {
  return <Answer>(parts: {
    readonly purpose: string;
    readonly document: string;
    readonly answer: z.ZodType<Answer>;
  }): RailwayOperation<Variables, Answer> => parts;
}
