/** No object of a kind. */
export const none = { count: 0, first: [] } as const;

/** What a copy of uploads says where there was nothing to do and nothing to tell. */
export const nothingSynced = {
  run: '2025-11-29T031500Z',
  complete: true,
  resumedBytes: 0,
  replacedKept: 0,
  deletedKept: 0,
  compared: 0,
  leftAlone: none,
  newerKept: none,
  purged: 0,
  changedMeanwhile: 0,
  unverified: 0,
  sourceWasEmpty: false,
  repaired: none,
  failures: none,
  refused: none,
} as const;
