import type { Blow } from '../case.ts';

/** SIGKILL. */
export const kill: Blow = { kind: 'kill' };
/** Longer than the heartbeat timeout of 10 s, the request's deadline and the sticky timeout of 5 s. */
export const freeze: Blow = { kind: 'freeze', forMs: 18_000, standIn: true };
/** The same, with nobody to take over. */
export const sleep: Blow = { kind: 'freeze', forMs: 18_000, standIn: false };
/** Long enough for later attempts to be handed to the frozen worker as well. */
export const coma: Blow = { kind: 'freeze', forMs: 75_000, standIn: false };
