/** Writes one structured line. Fields must not hold a secret. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** A {@link Log} that writes JSON lines with UTC timestamps to standard output. */
export function createLog(version: string): Log {
  return (level, message, fields = {}) => {
    process.stdout.write(
      `${JSON.stringify({ time: new Date().toISOString(), level, message, version, ...fields })}\n`,
    );
  };
}

/** What may be said of an error: its code and message, never what it carries besides. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  return `${code}${error.message}`.trim();
}
