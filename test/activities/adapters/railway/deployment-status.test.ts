import { describe, expect, it } from 'vitest';
import { deploymentStatus } from '../../../../activities/adapters/railway/deployment-status.ts';
import { retryAfterMs } from '../../../../activities/adapters/railway/failures.ts';

describe('a deployment status', () => {
  it.for([
    ['SUCCESS', false, 'running'],
    ['SUCCESS', true, 'stopped'],
    ['SLEEPING', true, 'running'],
    ['REMOVING', false, 'running'],
    ['REMOVED', true, 'stopped'],
    ['BUILDING', false, 'starting'],
    ['NEEDS_APPROVAL', false, 'starting'],
    ['CRASHED', true, 'crashed'],
    ['FAILED', true, 'failed'],
    ['SKIPPED', true, 'failed'],
    ['THAWING', false, 'unknown'],
    ['toString', false, 'unknown'],
  ] as const)('%s with deploymentStopped %s is %s', ([raw, stopped, expected]) => {
    expect(deploymentStatus(raw, stopped)).toBe(expected);
  });
});

describe('a Retry-After header', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  it.for([
    ['7', 7_000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const)('%j means %s ms', ([header, expected]) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
