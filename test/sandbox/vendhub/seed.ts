/** How many rows VendHub starts with. The weekly restore test of the procedure wants at least 100 users. */
export const seeded = {
  users: 200,
  products: 40,
  machines: 25,
  sales: 5_000,
} as const;

/** Bucket of the object store that `public.product_images.object_key` points into. */
export const uploadsBucket = 'vendhub-uploads';

/**
 * SQL that fills an empty VendHub: rows with ids from 1 to the numbers in {@link seeded}, sales spread over the last
 * 30 days, each of them already dispensed.
 */
export const seedSql = `
  INSERT INTO public.users (email, name, created_at, updated_at)
    SELECT format('user%s@example.test', n), format('User %s', n), at, at
      FROM generate_series(1, ${seeded.users}) n,
           LATERAL (SELECT clock_timestamp() - interval '40 days' - n * interval '1 hour' AS at) moment;
  INSERT INTO public.products (name, price_cents, created_at, updated_at)
    SELECT format('Product %s', n), 100 + n * 5, at, at
      FROM generate_series(1, ${seeded.products}) n,
           LATERAL (SELECT clock_timestamp() - interval '50 days' AS at) moment;
  INSERT INTO public.machines (name, location)
    SELECT format('VH-M%s', n), format('Hall %s', 1 + n % 5) FROM generate_series(1, ${seeded.machines}) n;
  INSERT INTO public.sales (machine_id, product_id, user_id, amount_cents, created_at)
    SELECT 1 + n % ${seeded.machines}, product.id, 1 + (n * 7) % ${seeded.users}, product.price_cents,
           clock_timestamp() - (${seeded.sales} - n + 1) * (interval '30 days' / ${seeded.sales})
      FROM generate_series(1, ${seeded.sales}) n
      JOIN public.products product ON product.id = 1 + (n * 3) % ${seeded.products}
      ORDER BY n;
  INSERT INTO public.dispense_jobs (sale_id, status, created_at, done_at)
    SELECT id, 'done', created_at, created_at + interval '2 seconds' FROM public.sales;
  INSERT INTO public.product_images (product_id, object_key)
    SELECT id, format('products/%s.png', id) FROM public.products;`;
