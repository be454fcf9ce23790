/** The scenarios that have an objective (procedure, section 8). */
export type Scenario =
  | 'database-corruption'
  | 'application-crash'
  | 'data-loss'
  | 'security-breach'
  | 'complete-failure';

/** Recovery time and recovery point objective, in ms. */
export interface Objective {
  readonly rtoMs: number;
  readonly rpoMs: number;
}
