import { expect, test } from 'vitest';
import { allowedCidrs, restrictionBody } from '../../../../activities/adapters/supabase/network.ts';

test('a project that was never restricted lets everybody in', () => {
  expect(allowedCidrs({})).toEqual(['0.0.0.0/0', '::/0']);
});

test('lists that are there are joined, and an empty one lets nobody in', () => {
  expect(allowedCidrs({ dbAllowedCidrs: ['192.0.2.1/32'], dbAllowedCidrsV6: [] })).toEqual(['192.0.2.1/32']);
  expect(allowedCidrs({ dbAllowedCidrs: [] })).toEqual([]);
});

test('a restriction names both families, so that neither stays as it was', () => {
  expect(restrictionBody(['192.0.2.1/32'])).toEqual({
    dbAllowedCidrs: ['192.0.2.1/32'],
    dbAllowedCidrsV6: [],
  });
  expect(restrictionBody(['2001:db8::1/128', '::ffff:192.0.2.1/128'])).toEqual({
    dbAllowedCidrs: [],
    dbAllowedCidrsV6: ['2001:db8::1/128', '::ffff:192.0.2.1/128'],
  });
});
