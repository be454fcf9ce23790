/**
 * The environment variables that a reader of the configuration asks for, in the order of its asking. Whether it
 * accepts what it gets is of no interest here.
 */
export function namesRead(readConfiguration: (environment: Record<string, string>) => unknown): string[] {
  const names = new Set<string>();
  const spy = new Proxy<Record<string, string>>(
    {},
    {
      get: (_target, name) => {
        if (typeof name === 'string' && /^[A-Z0-9_]+$/.test(name)) names.add(name);
        return undefined;
      },
    },
  );
  try {
    readConfiguration(spy);
  } catch {
    // An empty environment is refused; the names were asked for before that.
  }
  return [...names];
}
