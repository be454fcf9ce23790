import { z } from 'zod';

const variables = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' }),
  PORT: z.coerce.number({ error: 'must be a port number' }).int().min(1).max(65_535),
  VENDHUB_VERSION: z.string().min(1).default('v1'),
  /** Address that connections to the database come from; the system chooses when it is missing. */
  VENDHUB_LOCAL_ADDRESS: z.string().optional(),
  /** File that each dispensed job is appended to: the machines' own record, which no database restore rewinds. */
  VENDHUB_DISPENSE_RECORD: z.string().optional(),
  /** `1` ends the application when its standard input closes, that is when its supervisor is gone. */
  VENDHUB_EXIT_WITH_STDIN: z.literal('1').optional(),
});

/** VendHub's environment variables, checked. */
export type VendHubConfiguration = z.infer<typeof variables>;

/** Reads the configuration, or says of every variable what is wrong with it, never its value. */
export function readConfiguration(
  environment: NodeJS.ProcessEnv,
): { readonly configuration: VendHubConfiguration } | { readonly problems: readonly string[] } {
  const parsed = variables.safeParse(environment);
  if (parsed.success) return { configuration: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return environment[name] === undefined ? `${name} is missing` : `${name} ${message}`;
  });
  return { problems };
}
