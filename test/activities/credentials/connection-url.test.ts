import { expect, test } from 'vitest';
import {
  logsInAs,
  passwordOf,
  withLogin,
  withPassword,
} from '../../../activities/credentials/connection-url.ts';
import { DrError } from '../../../activities/errors.ts';

const plain = 'postgresql://postgres:old%2Fone@db.test:5432/postgres?sslmode=require';
const pooled = 'postgresql://postgres.abcdefghijklmnopqrst:old@pooler.test:5432/postgres';

test('a password is exchanged, whatever it holds, and the rest stays', () => {
  const changed = withPassword(plain, 'new @/:"', 'X');
  expect(passwordOf(changed, 'X')).toBe('new @/:"');
  expect(changed).toMatch(/^postgresql:\/\/postgres:[^@]+@db\.test:5432\/postgres\?sslmode=require$/);
  expect(passwordOf(withPassword(`${plain}&password=hidden`, 'new', 'X'), 'X')).toBe('new');
  expect(passwordOf('postgresql://postgres@db.test/postgres', 'X')).toBeNull();
});

test('a role is found and exchanged with what a pooler wants behind it', () => {
  expect(logsInAs(plain, 'postgres', 'X')).toBe(true);
  expect(logsInAs(pooled, 'postgres', 'X')).toBe(true);
  expect(logsInAs(plain, 'post', 'X')).toBe(false);
  expect(new URL(withLogin(pooled, { role: 'vendhub_app', password: 'p' }, 'X')).username).toBe(
    'vendhub_app.abcdefghijklmnopqrst',
  );
  expect(new URL(withLogin(plain, { role: 'vendhub_app', password: 'p' }, 'X')).username).toBe('vendhub_app');
});

test.each(['no url with a secret', 'https://user:secret@db.test', ''])(
  '%j is refused and not shown',
  (text) => {
    const attempt = () => withPassword(text, 'new', 'SOME_VARIABLE');
    expect(attempt).toThrow(DrError);
    expect(attempt).toThrow(/^SOME_VARIABLE holds no connection string/);
    expect(attempt).not.toThrow(/secret/);
  },
);
