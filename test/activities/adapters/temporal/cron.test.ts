import { describe, expect, it } from 'vitest';
import { parseCron } from '../../../../activities/adapters/temporal/cron.ts';
import { DrError } from '../../../../activities/errors.ts';

describe('reading a cron expression', () => {
  it.each([
    ['15,45 * * * *', { minute: [15, 45] }],
    ['*/20 * * * *', { minute: [0, 20, 40] }],
    ['5-20/5,7 1-3 * * *', { minute: [5, 7, 10, 15, 20], hour: [1, 2, 3] }],
    ['0 14 1-7 * 1', { minute: [0], hour: [14], dayOfMonth: [1, 2, 3, 4, 5, 6, 7], dayOfWeek: [1] }],
    ['0 5 * 12 7', { month: [12], dayOfWeek: [0] }],
    ['0 5 * * 5-7', { dayOfWeek: [0, 5, 6] }],
  ])('gives each field of %j its values', (expression, values) => {
    expect(parseCron(expression)).toMatchObject(values);
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 * * MON',
    '@daily',
    '5/10 * * * *',
  ])('refuses %j', (expression) => {
    expect(() => parseCron(expression)).toThrow(DrError);
  });

  it.each(['*/0 * * * *', '9-3 * * * *', '1, * * * *', '-1 * * * *'])('refuses %j as well', (expression) => {
    expect(() => parseCron(expression)).toThrow('is not a cron expression');
  });
});
