/** What a script learns from the exit of `dr`. */
export const exitCodes = {
  /** Done, or shown. */
  fine: 0,
  /** It was tried and failed, or the recovery did not recover. */
  failed: 1,
  /** Bad input or refused: nothing was changed. */
  refused: 2,
  /** The outcome is not known: no worker or no Temporal answers, or watching was stopped. */
  unknown: 3,
} as const;

/** A value out of {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
