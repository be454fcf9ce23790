import type { DrillPolicy } from '../workflows/contracts/policy.ts';

const minute = 60_000;

/**
 * What a drill may do. Faults by SQL and by variables go the ways that the worker has; those that need the machine are
 * commands of the operator's. Rows and tables are VendHub's own.
 */
export const drill: DrillPolicy = {
  label: 'staging',
  protectedEnvironments: ['production'],
  scenario: 'database-corruption',
  participants: ['oncall', 'admin'],
  noticeWithinMs: 10 * minute,
  showWithinMs: 5 * minute,
  maximumRows: 1_000_000,
  faults: [
    {
      id: 'damaged-pages',
      scenario: 'database-corruption',
      title: 'pages of a table are overwritten, as a failing disk does',
      noticed: 'queries on sales fail',
      by: { kind: 'command', variable: 'DRILL_FAULT_COMMAND_PAGES' },
    },
    {
      id: 'killed-process',
      scenario: 'application-crash',
      title: 'the process of the application is killed until its platform gives it up',
      noticed: 'the application does not answer',
      by: { kind: 'command', variable: 'DRILL_FAULT_COMMAND_PROCESS' },
    },
    {
      id: 'bad-deployment',
      scenario: 'application-crash',
      title: 'a version that fails at its start is deployed',
      noticed: 'the application does not answer since the last deployment',
      by: { kind: 'command', variable: 'DRILL_FAULT_COMMAND_DEPLOYMENT' },
    },
    {
      id: 'broken-variable',
      scenario: 'application-crash',
      title: 'the variable DATABASE_URL is set to something that is no address, and deployed',
      noticed: 'the application does not answer',
      by: { kind: 'variable', variable: 'DATABASE_URL', value: 'broken by a drill' },
    },
    {
      id: 'deleted-rows',
      scenario: 'data-loss',
      title: 'every second sale is deleted',
      noticed: 'sales are missing',
      by: {
        kind: 'sql',
        statements: [
          'DELETE FROM public.dispense_jobs WHERE sale_id % 2 = 0',
          'DELETE FROM public.sales WHERE id % 2 = 0',
        ],
        cleanUp: [],
      },
    },
    {
      id: 'update-without-where',
      scenario: 'data-loss',
      title: 'every product gets the same price, by an UPDATE without WHERE',
      noticed: 'every product costs the same',
      by: { kind: 'sql', statements: ['UPDATE public.products SET price_cents = 1'], cleanUp: [] },
    },
    {
      id: 'intruder',
      scenario: 'security-breach',
      title: 'somebody with a stolen login leaves a role and a function behind and alters users',
      noticed: 'there is a role that nobody made',
      by: {
        kind: 'sql',
        statements: [
          `CREATE FUNCTION public.drill_way_back_in() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT'`,
          'CREATE ROLE drill_intruder NOLOGIN',
          `UPDATE public.users SET email = 'drill-intruder-' || email WHERE id <= 10`,
        ],
        cleanUp: ['DROP FUNCTION IF EXISTS public.drill_way_back_in()', 'DROP ROLE IF EXISTS drill_intruder'],
      },
    },
    {
      id: 'deleted-everything',
      scenario: 'complete-failure',
      title: 'the database and the application are gone, and their providers do not answer',
      noticed: 'nothing answers',
      by: { kind: 'command', variable: 'DRILL_FAULT_COMMAND_EVERYTHING' },
    },
  ],
};
