import { Client } from 'pg';
import { z } from 'zod';
import type { SandboxProduction } from '../sandbox/index.ts';
import { asSuperuser } from './truth.ts';

const alteredUsers = 10;
const oneCount = z.tuple([z.object({ traces: z.coerce.number() })]);

/**
 * Leaves a way back in, and altered rows, with a stolen login.
 *
 * @returns the intruder's session, which stays connected
 */
export async function intrude(stolenUrl: string): Promise<Client> {
  const client = new Client({ connectionString: stolenUrl, application_name: 'intruder' });
  client.on('error', () => {});
  await client.connect();
  await client.query(
    `CREATE FUNCTION public.way_back_in() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT'`,
  );
  await client.query(`CREATE ROLE intruder LOGIN PASSWORD 'let me in'`);
  await client.query(`UPDATE public.users SET email = 'intruder' || email WHERE id <= $1`, [alteredUsers]);
  return client;
}

/** How many of the traces are there. */
export function tracesLeft(sandbox: SandboxProduction): Promise<number> {
  return asSuperuser(sandbox, async (client) => {
    const { rows } = await client.query(
      `SELECT (SELECT count(*) FROM pg_proc WHERE proname = 'way_back_in') + (SELECT count(*) FROM pg_roles WHERE rolname = 'intruder')
            + (SELECT count(*) FROM public.users WHERE email LIKE 'intruder%') AS traces`,
    );
    return oneCount.parse(rows)[0].traces;
  });
}

/** Takes the traces away where nothing was restored. */
export function removeTraces(sandbox: SandboxProduction): Promise<void> {
  return asSuperuser(sandbox, async (client) => {
    await client.query('DROP FUNCTION IF EXISTS public.way_back_in()');
    await client.query('DROP ROLE IF EXISTS intruder');
    await client.query(
      `UPDATE public.users SET email = substr(email, 9) WHERE email LIKE 'intruder%' AND id <= $1`,
      [alteredUsers],
    );
  });
}

/** What a login meets. */
export async function loginAnswer(connectionString: string): Promise<'accepted' | 'refused'> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  try {
    await client.connect();
    return 'accepted';
  } catch {
    return 'refused';
  } finally {
    await client.end().catch(() => undefined);
  }
}
