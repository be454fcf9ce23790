import { DatabaseError, type Pool } from 'pg';
import { z } from 'zod';

/** What is bought, where and by whom. */
export const saleRequest = z.object({
  machineId: z.number().int().positive(),
  productId: z.number().int().positive(),
  userId: z.number().int().positive(),
});

/** A sale that is committed. Only `receipt` names it for good: ids and transaction ids repeat after a restore. */
export const recordedSale = z.object({ id: z.coerce.number(), receipt: z.uuid(), transactionId: z.string() });

/** What a sale comes to. */
export type SaleOutcome =
  | { readonly kind: 'recorded'; readonly sale: z.infer<typeof recordedSale> }
  | { readonly kind: 'refused'; readonly reason: string };

const foreignKeyViolation = '23503';

/** Records a sale and its dispense job in one statement. Throws when the database does not answer. */
export async function recordSale(pool: Pool, request: z.infer<typeof saleRequest>): Promise<SaleOutcome> {
  try {
    const { rows } = await pool.query(
      `WITH sale AS (
         INSERT INTO public.sales (machine_id, product_id, user_id, amount_cents)
           SELECT $1, id, $3, price_cents FROM public.products WHERE id = $2
           RETURNING id, receipt
       ), job AS (
         INSERT INTO public.dispense_jobs (sale_id) SELECT id FROM sale
       )
       SELECT id, receipt, pg_current_xact_id()::text AS "transactionId" FROM sale`,
      [request.machineId, request.productId, request.userId],
    );
    const sale = rows.at(0);
    if (sale === undefined) return { kind: 'refused', reason: 'no such product' };
    return { kind: 'recorded', sale: recordedSale.parse(sale) };
  } catch (error) {
    if (error instanceof DatabaseError && error.code === foreignKeyViolation) {
      return { kind: 'refused', reason: 'no such machine or user' };
    }
    throw error;
  }
}
