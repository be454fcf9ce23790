import { describe, expect, it } from 'vitest';
import { scrubSecrets } from '../../../activities/application/scrub-secrets.ts';

describe('a log line that goes into a report', () => {
  it.for([
    ['cannot connect to postgresql://app:s3cr3t@db.example:5432/vendhub?x=1', 's3cr3t'],
    ['url="postgres://db/vendhub?password=s3cr3t"', 's3cr3t'],
    ['redis://:s3cr3t@cache:6379 refused', 's3cr3t'],
    ['Authorization: Bearer s3cr3t.token', 's3cr3t'],
    ['{"DB_PASSWORD":"s3cr3t","port":1}', 's3cr3t'],
    ["api_key='s3 cr3t'", 's3 cr3t'],
    ['SESSION_TOKEN=s3cr3t starting', 's3cr3t'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig_nature', 'eyJzdWIiOiIxIn0'],
    ['key AKIAIOSFODNN7EXAMPLE was refused', 'AKIAIOSFODNN7EXAMPLE'],
    ['with sbp_0123456789abcdef0123', '0123456789abcdef'],
  ])('keeps no secret: %s', ([line, secret]) => {
    expect(line).toContain(secret);
    expect(scrubSecrets(String(line))).not.toContain(secret);
  });

  it.for([
    'TypeError: cannot read the price list of undefined',
    'listening port=3000 version="v2"',
    'GET https://api.example/health 503',
  ])('stays as it is without one: %s', (line) => {
    expect(scrubSecrets(line)).toBe(line);
  });
});
