/** What is hard to export: per type, the SQL of values; what each must come back as is what PostgreSQL prints. */
const nastyValues: Readonly<Record<string, readonly string[]>> = {
  text: [
    'NULL',
    `''`,
    `E'\\\\N'`,
    `'null'`,
    `E'a\\nb'`,
    `E'a\\r\\nb'`,
    `E'tab\\there'`,
    `E'\\b\\f\\v\\x01\\x7f'`,
    `E'back\\\\slash\\\\'`,
    `E'\\\\.'`,
    `E'\\\\\\\\N'`,
    `E'\\\\x41 \\\\101 \\\\t'`,
    `'"quoted" ''single'''`,
    `' leading and trailing '`,
    `E'\\u2028\\u2029\\u0085\\ufeff'`,
    `E'\\ufeffbegins with a mark'`,
    `'Grüße 😀 𝒳 é'`,
    `E'e\\u0301'`,
    `'],"rowCount":0}'`,
    `'["1","2"],'`,
    `'{a,b},'`,
    `repeat('x😀\\"', 400000)`,
  ],
  'character(5)': [`'a'`, `''`],
  bigint: ['9223372036854775807', '-9223372036854775808'],
  numeric: [`'NaN'`, `'Infinity'`, '0.000000000000000000000000000000000000001', '1.10', '1e100'],
  'double precision': [`'-0'`, `'NaN'`, `'Infinity'`, `'-Infinity'`, '0.1::float8 + 0.2', '5e-324', '1e308'],
  real: ['0.1', '3.4e38'],
  money: ['-1234.56'],
  boolean: ['true', 'false'],
  bytea: [`'\\x00ff5c0a'`, `''`],
  json: [`'null'`, `'{"a":1,"a": 2 }'`, `'"\\u00e4 \\\\ \\n"'`],
  jsonb: [`'null'`, `'{"b":[1,null,"x\\ty"]}'`, `'12345678901234567890.123456789'`],
  'text[]': [`'{}'`, `'[0:1]={a,NULL}'`, `'{"NULL","","a,b","{}","\\\\"}'`, `'{{a,b},{c,d}}'`],
  'timestamp with time zone': [
    `'infinity'`,
    `'-infinity'`,
    `'2024-02-29 23:59:59.999999+14'`,
    `'0044-03-15 BC'`,
  ],
  timestamp: [`'infinity'`, `'99999-01-01'`],
  date: [`'infinity'`, `'4713-01-01 BC'`],
  'time with time zone': [`'24:00:00+15:59:59'`],
  interval: [`'-1 mon +2 days -03:04:05.6'`, `'P1Y2M3DT4H5M6.789S'`],
  int4range: [`'empty'`, `'(,5]'`],
  tstzmultirange: [`'{[2024-01-01,2024-02-01),[2025-01-01,)}'`],
  inet: [`'::ffff:1.2.3.4/128'`],
  point: [`'(1e-300,-0)'`],
  tsvector: [`'''it''''s'':1A quote'`],
  uuid: [`'00000000-0000-0000-0000-000000000000'`],
  'bit varying(9)': [`B'101'`, `B''`],
  regclass: [`'"odd ""name"".x"."weird.table"'`],
  'nasty.mood': [`'so "so", \\'`],
  'nasty.small': ['7'],
  'nasty.pair': [`ROW(NULL, E'a"b\\\\c\\nd')`, `ROW('', NULL)`],
  'nasty.pair[]': [`ARRAY[ROW('x','y')::nasty.pair, NULL]`],
};

/** SQL that makes the schemas `nasty` and `odd "name".x` with every kind of table and value. */
export const nastySql: readonly string[] = [
  `CREATE SCHEMA "odd ""name"".x";
   CREATE TABLE "odd ""name"".x"."weird.table" ("select" int, "a""b" text);
   INSERT INTO "odd ""name"".x"."weird.table" VALUES (1, 'x'), (NULL, NULL);`,
  `CREATE SCHEMA nasty;
   CREATE TYPE nasty.mood AS ENUM ('fine', 'so "so", \\');
   CREATE DOMAIN nasty.small AS int CHECK (VALUE < 10);
   CREATE TYPE nasty.pair AS (a text, b text);`,
  ...Object.entries(nastyValues).map(
    ([type, values], index) => `CREATE TABLE nasty.t${index} (id int PRIMARY KEY, v ${type});
     INSERT INTO nasty.t${index} VALUES ${values.map((value, id) => `(${id}, ${value})`).join(', ')}`,
  ),
  `CREATE TABLE nasty.empty (a int, b text);
   CREATE TABLE nasty.no_columns ();
   INSERT INTO nasty.no_columns DEFAULT VALUES; INSERT INTO nasty.no_columns DEFAULT VALUES;
   CREATE TABLE nasty.computed (
     a int GENERATED ALWAYS AS IDENTITY, b int, dropped int,
     c int GENERATED ALWAYS AS (b * 2) STORED, d int GENERATED ALWAYS AS (b * 3) VIRTUAL, PRIMARY KEY (b, a) INCLUDE (c));
   ALTER TABLE nasty.computed DROP COLUMN dropped;
   INSERT INTO nasty.computed (b) VALUES (1), (2);
   CREATE TABLE nasty.parent (a int); CREATE TABLE nasty.child () INHERITS (nasty.parent);
   INSERT INTO nasty.parent VALUES (1); INSERT INTO nasty.child VALUES (2);
   CREATE TABLE nasty.parted (a int) PARTITION BY RANGE (a);
   CREATE TABLE nasty.part_1 PARTITION OF nasty.parted FOR VALUES FROM (0) TO (10);
   INSERT INTO nasty.parted VALUES (5);
   CREATE VIEW nasty.a_view AS SELECT 1 AS one;
   CREATE SEQUENCE nasty.unused;`,
];

/** How many values of which types there are. */
export const nastyTables = Object.entries(nastyValues).map(([type, values], index) => ({
  name: `t${index}`,
  type,
  count: values.length,
}));
