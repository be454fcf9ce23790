import { describe, expect, it } from 'vitest';
import { chooseWay } from '../../../workflows/operations/uploads-way.ts';

const application = { kind: 'bucket', store: 'primary', bucket: 'uploads' } as const;
const copy = { kind: 'folder', folder: 's3-backup' } as const;
const second = { kind: 'bucket', store: 'second', bucket: 'uploads' } as const;
const uploads = {
  from: application,
  to: copy,
  places: { application, copy, second, disk: { kind: 'folder', folder: 'disk' } },
} as const;

describe('the way of uploads', () => {
  it.each([
    [null, 'second', { from: application, to: second, purpose: 'backup' }],
    ['application', null, { from: application, to: copy, purpose: 'backup' }],
    ['copy', 'application', { from: copy, to: application, purpose: 'restore' }],
    ['second', 'application', { from: second, to: application, purpose: 'restore' }],
    ['second', null, { from: second, to: copy, purpose: 'restore' }],
  ] as const)('from %s to %s follows deletions only from where the application writes', (from, to, way) => {
    expect(chooseWay(uploads, { from, to })).toEqual(way);
  });

  it.each([
    ['nowhere', null, 'The policy knows no place of uploads "nowhere".'],
    [null, 'toString', 'The policy knows no place of uploads "toString".'],
    [null, 'application', 'Source and destination are the same place.'],
    ['copy', 'disk', 'Source and destination are both folders.'],
  ])('from %s to %s is refused', (from, to, told) => {
    expect(() => chooseWay(uploads, { from, to })).toThrow(told);
  });
});
