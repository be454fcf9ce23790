/** VendHub's schema, one migration after the other; each is recorded in `public.migrations`. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: '0001-catalogue',
    sql: `
      CREATE TABLE public.users (
        id bigserial PRIMARY KEY,
        email text NOT NULL UNIQUE,
        name text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE TABLE public.products (
        id bigserial PRIMARY KEY,
        name text NOT NULL,
        price_cents integer NOT NULL CHECK (price_cents > 0),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE TABLE public.machines (
        id bigserial PRIMARY KEY,
        name text NOT NULL UNIQUE,
        location text NOT NULL,
        status text NOT NULL DEFAULT 'online' CHECK (status IN ('online', 'offline', 'maintenance'))
      );`,
  },
  {
    name: '0002-sales',
    sql: `
      CREATE TABLE public.sales (
        id bigserial PRIMARY KEY,
        receipt uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
        machine_id bigint NOT NULL REFERENCES public.machines (id),
        product_id bigint NOT NULL REFERENCES public.products (id),
        user_id bigint NOT NULL REFERENCES public.users (id),
        amount_cents integer NOT NULL CHECK (amount_cents > 0),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX sales_created_at ON public.sales (created_at);
      CREATE INDEX sales_machine_id ON public.sales (machine_id);
      CREATE TABLE public.dispense_jobs (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        sale_id bigint NOT NULL UNIQUE REFERENCES public.sales (id),
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'held')),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        done_at timestamptz
      );
      CREATE INDEX dispense_jobs_pending ON public.dispense_jobs (created_at) WHERE status = 'pending';`,
  },
  {
    name: '0003-product-images',
    sql: `
      CREATE TABLE public.product_images (
        product_id bigint NOT NULL REFERENCES public.products (id),
        object_key text NOT NULL UNIQUE,
        PRIMARY KEY (product_id, object_key)
      );`,
  },
];
