import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaParts } from '../../../activities/fingerprint/schema-parts.ts';
import { run, startVendHubDatabase, type VendHubDatabase } from '../database/vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
});
afterAll(() => vendHub?.cluster.dispose());

const parts = () => schemaParts(vendHub.superuser, ['public']);

/** Names of the parts that a change of the schema alters. */
async function alteredBy(...statements: readonly string[]): Promise<readonly string[]> {
  const before = await parts();
  await run(vendHub.superuser, ...statements);
  const after = await parts();
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

describe('the fingerprint of a schema', () => {
  it('has a part for each table, and tells nothing of what is in it', async () => {
    const found = await parts();
    expect(Object.keys(found)).toEqual(expect.arrayContaining(['public.sales', 'public.users']));
    for (const hash of Object.values(found)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('stays the same whatever rows are written, and for every role that may read', async () => {
    expect(
      await alteredBy(
        "INSERT INTO public.users (name, email) SELECT 'x', 'x' || n FROM generate_series(1, 9) n",
      ),
    ).toEqual([]);
    expect(await schemaParts(vendHub.operator, ['public'])).toEqual(await parts());
  });

  it.each([
    ['a column', 'ALTER TABLE public.sales ADD COLUMN remark text'],
    ['a default', "ALTER TABLE public.sales ALTER COLUMN remark SET DEFAULT 'none'"],
    ['a constraint', "ALTER TABLE public.sales ADD CONSTRAINT remarked CHECK (remark <> '')"],
    ['an index', 'CREATE INDEX sales_by_remark ON public.sales (remark)'],
    ['row-level security', 'ALTER TABLE public.sales ENABLE ROW LEVEL SECURITY'],
    ['a policy', 'CREATE POLICY everybody ON public.sales USING (true)'],
    ['a dropped column', 'ALTER TABLE public.sales DROP COLUMN remark CASCADE'],
  ])('names the table when %s changes', async (_what, statement) => {
    expect(await alteredBy(statement)).toEqual(['public.sales']);
  });

  it('names functions, triggers and views', async () => {
    const body = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
    expect(await alteredBy(`CREATE FUNCTION public.noted() ${body}`)).toEqual(['functions of public']);
    const trigger =
      'CREATE TRIGGER noted BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION public.noted()';
    expect(await alteredBy(trigger)).toEqual(['public.users']);
    expect(await alteredBy('CREATE VIEW public.names AS SELECT name FROM public.users')).toEqual([
      'public.names',
    ]);
    expect(await alteredBy('CREATE SCHEMA elsewhere', 'CREATE TABLE elsewhere.t (id int)')).toEqual([]);
  });
});
