import type { Stats } from 'node:fs';

/** Changes with every change of the content: the change time cannot be set back, unlike the modification time. */
export function stampOf(stats: Stats): string {
  return `${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
}
