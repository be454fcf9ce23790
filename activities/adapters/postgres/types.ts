import type { CustomTypesConfig } from 'pg';

const oids = { bool: 16, int2: 21, int4: 23 } as const;

const asText = (value: string): string => value;

/**
 * How values come back from a query: `int2` and `int4` as numbers, `bool` as a boolean, everything else as the
 * server's own text. A `timestamptz` keeps its microseconds, a `bigint` and a `numeric` all their digits.
 */
export const exactTypes: CustomTypesConfig = {
  getTypeParser: (oid) => {
    if (oid === oids.int2 || oid === oids.int4) return Number;
    if (oid === oids.bool) return (value: string) => value === 't';
    return asText;
  },
};
