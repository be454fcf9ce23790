import { writeFile } from 'node:fs/promises';
import { until } from './condition.ts';
import { type Query, singleValue } from './superuser.ts';

const reloadDeadlineMs = 60_000;

/** Makes the running server read its access rules again and waits until new sessions are judged by them. */
export async function reloadAccessRules(pid: number, query: Query): Promise<void> {
  const loadTime = () => singleValue(query, 'SELECT pg_conf_load_time()');
  const before = await loadTime();
  process.kill(pid, 'SIGHUP');
  await until('the access rules are read again', reloadDeadlineMs, async () => {
    return (await loadTime()) !== before || undefined;
  });
}

/** Writes the access rules where the server's account can read them. */
export async function writeAccessRules(file: string, rules: string): Promise<void> {
  await writeFile(file, rules, { mode: 0o644 });
}
