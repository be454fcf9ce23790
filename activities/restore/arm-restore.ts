import { z } from 'zod';
import type { ArmedRestore } from '../../workflows/contracts/evidence.ts';
import { DrError } from '../errors.ts';
import type { RestoreContext } from './dependencies.ts';
import { prepareNonces, writeNonce } from './nonce.ts';
import { poll } from './poll.ts';

const clockAnswer = z.tuple([z.object({ later: z.boolean() })]);

/**
 * Prepares the destructive call: waits until the database's clock is past the target's second, then commits a row
 * that exists only after the target. When that row is gone, the database was rewound. Idempotent per nonce.
 *
 * @throws DrError `input-invalid` when the nonce was used for an earlier target, `database-*` or `provider-*`
 */
export async function armRestore(
  { platform, database, timing }: RestoreContext,
  input: { readonly targetUnix: number; readonly nonce: string },
): Promise<ArmedRestore> {
  const { targetUnix, nonce } = input;
  const { raw: statusBefore } = await platform.status();
  const { armedAt, afterTarget } = await database.session(async (session) => {
    await prepareNonces(session);
    await poll(async () => {
      const { rows } = await session.query(
        'SELECT clock_timestamp() >= to_timestamp($1::bigint + 1) AS later',
        [targetUnix],
      );
      return clockAnswer.parse(rows)[0].later ? { found: true } : { waitMs: timing.pollMs };
    });
    return writeNonce(session, nonce, targetUnix);
  });
  if (!afterTarget) {
    throw new DrError('input-invalid', {
      happened: `The restore was armed with this nonce at ${armedAt}, which is not later than the target.`,
      meaning: 'The row would survive the restore and prove nothing; nothing was destroyed.',
      next: 'Plan again: a new plan revision brings a new nonce.',
    });
  }
  return { nonce, armedAt, statusBefore };
}
