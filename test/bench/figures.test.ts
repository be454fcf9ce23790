import { expect, test } from 'vitest';
import { figures } from './figures.ts';

test.for<[readonly number[], number, number, number]>([
  [[7], 7, 7, 7],
  [[3, 1], 2, 1, 3],
  [[9, 10, 1], 9, 1, 10],
  [[4, 100, 2, 3], 3.5, 2, 100],
])('the figures of %j are median %d, min %d, max %d', ([values, median, min, max]) => {
  expect(figures(values)).toEqual({ median, min, max });
});
