/** SQL that makes the schema `related`: tables that refer to each other, and what a load must not stumble over. */
export const relatedSql: readonly string[] = [
  `CREATE SCHEMA related;
   CREATE EXTENSION hstore SCHEMA related; CREATE EXTENSION citext SCHEMA related; CREATE EXTENSION ltree SCHEMA related;
   CREATE TABLE related.customers (id bigserial PRIMARY KEY, name text NOT NULL, parent bigint REFERENCES related.customers);
   CREATE TABLE related.a_child_sorted_first (id int PRIMARY KEY, customer bigint NOT NULL REFERENCES related.customers);
   CREATE TABLE related.orders (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer bigint NOT NULL REFERENCES related.customers,
     doubled bigint GENERATED ALWAYS AS (customer * 2) STORED);
   INSERT INTO related.customers (name, parent) VALUES ('Ada', 2), ('Alan', 2);
   INSERT INTO related.a_child_sorted_first VALUES (1, 2);
   INSERT INTO related.orders (customer) VALUES (2), (1);`,
  `CREATE TABLE related.egg (id int PRIMARY KEY, hen int NOT NULL);
   CREATE TABLE related.hen (id int PRIMARY KEY, egg int NOT NULL REFERENCES related.egg DEFERRABLE);
   INSERT INTO related.egg VALUES (1, 1), (2, 1); INSERT INTO related.hen VALUES (1, 2);
   ALTER TABLE related.egg ADD FOREIGN KEY (hen) REFERENCES related.hen;`,
  `CREATE TABLE related.measured (at int, value text) PARTITION BY RANGE (at);
   CREATE TABLE related.measured_low PARTITION OF related.measured FOR VALUES FROM (0) TO (10);
   CREATE TABLE related.measured_high PARTITION OF related.measured FOR VALUES FROM (10) TO (20);
   INSERT INTO related.measured VALUES (1, 'one'), (12, 'twelve'), (2, 'two');
   CREATE TABLE related.slots (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
   CREATE TABLE related.slots_1 PARTITION OF related.slots FOR VALUES IN (1);
   CREATE TABLE related.uses (id int PRIMARY KEY, slot int, part int, FOREIGN KEY (slot, part) REFERENCES related.slots MATCH FULL);
   INSERT INTO related.slots VALUES (7, 1); INSERT INTO related.uses VALUES (1, 7, 1), (2, NULL, NULL);`,
  `CREATE TABLE related.log (what text);
   CREATE FUNCTION related.change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     NEW.what := NEW.what || ' changed'; INSERT INTO related.noticed VALUES (now()); RETURN NEW; END $$;
   CREATE TABLE related.noticed (at timestamptz);
   INSERT INTO related.log VALUES ('as it was');
   CREATE TRIGGER change BEFORE INSERT ON related.log FOR EACH ROW EXECUTE FUNCTION related.change();
   CREATE TABLE related.old_sins (customer bigint); INSERT INTO related.old_sins VALUES (4711);
   CREATE TABLE related.contrib (id int PRIMARY KEY, h related.hstore, c related.citext, l related.ltree);
   INSERT INTO related.contrib VALUES (1, E'"a b"=>"x\\\\"y", n=>NULL', 'MiXed', 'top.sub');`,
  `CREATE TABLE related.large (id int, filler text);
   INSERT INTO related.large SELECT i, repeat(md5(i::text), 20) FROM generate_series(1, 20000) i;`,
  `CREATE TABLE related.random_values (id int PRIMARY KEY, t text, b bytea, j jsonb, js json, a text[], n numeric,
     f double precision, ts timestamptz, iv interval, r int8range, c char(7), p nasty.pair, d date, bits bit varying(40));`,
];
