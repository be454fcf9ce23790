import { describe, expect, it } from 'vitest';
import type { StoreFacts } from '../../../../workflows/contracts/readiness-facts.ts';
import { is, judge } from './judge.ts';

const bucket = (location: string, change: Partial<StoreFacts> = {}): StoreFacts => ({
  location,
  problem: null,
  tookMs: 5,
  freeBytes: null,
  protection: { versioning: true, objectLock: true, defaultRetention: 'COMPLIANCE 30 days' },
  ...change,
});

describe('the places of backups', () => {
  it('must be two away from this machine', () => {
    const local = bucket('local', { freeBytes: 9e12, protection: null });
    const item = 'Two places away from production';
    expect(judge(item, { stores: is([local, bucket('s3')]) }).state).toBe('failed');
    expect(judge(item, { stores: is([local, bucket('s3'), bucket('s3-second')]) }).state).toBe('ok');
  });

  it('must have room, and each that cannot be written is named', () => {
    const full = bucket('local', { freeBytes: 1e6, protection: null });
    expect(judge('Free space for backups', { stores: is([full]) }).state).toBe('failed');
    const problem = { happened: 'The bucket is gone.', next: 'Make it again.' };
    expect(judge('Backup places writable', { stores: is([full, bucket('s3', { problem })]) })).toEqual({
      state: 'failed',
      found: 's3: The bucket is gone',
      todo: ['Make it again.'],
    });
  });

  it('say unknown where a bucket does not tell whether it holds on to its objects', () => {
    const mute = { versioning: null, objectLock: null, defaultRetention: null };
    const item = 'Backups cannot be deleted';
    expect(judge(item, { stores: is([bucket('s3', { protection: mute })]) })).toMatchObject({
      state: 'attention',
      found: 's3: Object Lock unknown',
    });
    expect(judge(item, { stores: is([bucket('s3')]) })).toMatchObject({
      state: 'ok',
      found: 's3: Object Lock on, new objects for COMPLIANCE 30 days',
    });
  });
});
