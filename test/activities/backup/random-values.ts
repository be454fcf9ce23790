import { seededRandom } from '../../seeded-random.ts';

const pieces = [
  '\\',
  '"',
  "'",
  '\n',
  '\r',
  '\t',
  '\v',
  '\b',
  '\f',
  '\u0001',
  '\u001f',
  '\u007f',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\\N',
  '\\.',
  'null',
  '[',
  ']',
  '{',
  '}',
  ',',
  ' ',
  'é',
  'e\u0301',
  '😀',
  '𝒳',
  'abc',
  '0',
  'ß',
  '\ud7ff',
  '\uffff',
];

/** Statements that fill `related.random_values` with rows of random values, the same ones each time. */
export function randomRows(count: number): { readonly sql: string; readonly values: readonly unknown[] }[] {
  const random = seededRandom(20_251_129);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T | undefined => list[upTo(list.length)];
  const text = () => Array.from({ length: upTo(12) }, () => pick(pieces)).join('');
  const maybe = <T>(value: T): T | null => (upTo(8) === 0 ? null : value);
  const number = () => (random() - 0.5) * 10 ** (upTo(600) - 300);
  const json = () => JSON.stringify({ [text()]: [text(), number(), null, true, { deep: text() }] });
  const sql = `INSERT INTO related.random_values VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
    CASE WHEN $1::int % 5 = 0 THEN NULL ELSE ROW($13::text, $14::text)::nasty.pair END, $15, $16)`;
  return Array.from({ length: count }, (_, id) => ({
    sql,
    values: [
      id,
      maybe(text()),
      maybe(Buffer.from(Array.from({ length: upTo(20) }, () => upTo(256)))),
      maybe(json()),
      maybe(`${json()} `),
      maybe(Array.from({ length: upTo(4) }, () => maybe(text()))),
      maybe(number().toFixed(upTo(20)).slice(0, 100)),
      maybe(pick([number(), '-0', 'NaN', 'Infinity', '-Infinity'])),
      maybe(pick([new Date(upTo(4e12)).toISOString(), 'infinity', '-infinity', '0044-03-15 12:00:00 BC'])),
      maybe(`${upTo(1000) - 500} mons ${upTo(99)} days ${upTo(86_400_000) / 1000} secs`),
      maybe(pick(['empty', '(,)', `[${upTo(100)},${100 + upTo(9e9)})`])),
      maybe(
        text()
          .slice(0, 3)
          .replace(/[\ud800-\udfff]/g, ''),
      ),
      maybe(text()),
      maybe(text()),
      maybe(pick(['infinity', '4713-01-01 BC', '2024-02-29', '99999-12-31'])),
      maybe(Array.from({ length: upTo(40) }, () => upTo(2)).join('')),
    ],
  }));
}
