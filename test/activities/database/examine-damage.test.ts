import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineDamage } from '../../../activities/database/examine-damage.ts';
import { damagePages } from '../../sandbox/postgres/damage-pages.ts';
import {
  run,
  schemas,
  startVendHubDatabase,
  timestampColumns,
  type VendHubDatabase,
} from './vendhub-database.ts';

let vendHub: VendHubDatabase;

beforeAll(async () => {
  vendHub = await startVendHubDatabase();
  await run(vendHub.superuser, 'VACUUM');
});
afterAll(() => vendHub.cluster.dispose());

const examine = (baselineRows?: number) =>
  examineDamage(vendHub.operator, {
    schemas,
    timestampColumns,
    invariants: [],
    baseline:
      baselineRows === undefined
        ? null
        : { recordedUnix: 1_700_000_000, tables: [{ table: 'public.users', rows: baselineRows }] },
  });

describe('a search for damage', () => {
  it('finds none in a whole database, and says what it could not look at', async () => {
    expect(await examine()).toMatchObject({
      findings: [],
      damagedTables: [],
      unreadableTables: [],
      checksumFailures: 0,
      lastChecksumFailureAt: null,
      notExamined: [expect.stringContaining('CREATE EXTENSION amcheck'), expect.stringContaining('baseline')],
    });
  });

  it('takes rows that are fewer than once, and references without a row, for signs that prove nothing', async () => {
    const { findings, damagedTables } = await examine(1_000_000);
    expect(findings).toMatchObject([{ table: 'public.users', proves: false }]);
    expect(damagedTables).toEqual([]);
  });

  it('looks with amcheck where the operator may', async () => {
    await run(vendHub.superuser, 'CREATE EXTENSION amcheck');
    expect((await examine(1)).notExamined).toEqual([expect.stringContaining('may not run')]);
    await run(
      vendHub.superuser,
      'GRANT EXECUTE ON FUNCTION bt_index_check(regclass, boolean), bt_index_check(regclass, boolean, boolean), verify_heapam TO postgres',
    );
    expect(await examine(1)).toMatchObject({ findings: [], notExamined: [] });
  });

  it('proves a page of zeros, a page of garbage and a broken index, each with its table', async () => {
    await damagePages(vendHub.cluster, vendHub.superuserUrl, 'public.dispense_jobs', [
      { page: 3, with: 'zeros' },
    ]);
    await damagePages(vendHub.cluster, vendHub.superuserUrl, 'public.sales', [{ page: 1, with: 'garbage' }]);
    await damagePages(vendHub.cluster, vendHub.superuserUrl, 'public.users_email_key', [
      { page: 1, with: 'garbage' },
    ]);
    const report = await examine(1);
    expect(report.damagedTables).toEqual(['public.dispense_jobs', 'public.sales', 'public.users']);
    expect(report.unreadableTables).toEqual(['public.sales']);
    expect(report.checksumFailures).toBeGreaterThan(0);
    expect(Date.parse(report.lastChecksumFailureAt ?? '')).not.toBeNaN();
    const proofs = report.findings.filter(({ proves }) => proves).map(({ found }) => found);
    expect(proofs).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^1 pages of public\.sales cannot be read; \d+ rows/),
        expect.stringMatching(
          /^table and index of public\.dispense_jobs: found \d+ in the table, \d+ in an index/,
        ),
        expect.stringMatching(/^amcheck: .*users_email_key/),
      ]),
    );
  });
});
