const dayMs = 86_400_000;

/** The day (UTC, `YYYY-MM-DD`) of a moment (RFC 3339). */
export function dayOf(at: string): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Every day from one moment's to another's, both included. */
export function daysBetween(fromMs: number, toMs: number): readonly string[] {
  const first = Math.floor(fromMs / dayMs);
  const count = Math.max(0, Math.floor(toMs / dayMs) - first + 1);
  return Array.from({ length: count }, (_, index) => dayOf(new Date((first + index) * dayMs).toISOString()));
}

/** Days as a person reads them: `2025-11-01 to 2025-11-12, 2025-11-14`. */
export function dayText(days: readonly string[]): string {
  const runs: { first: string; last: string }[] = [];
  for (const day of [...new Set(days)].sort()) {
    const run = runs.at(-1);
    if (run !== undefined && Date.parse(day) - Date.parse(run.last) === dayMs) run.last = day;
    else runs.push({ first: day, last: day });
  }
  const text = runs.map(({ first, last }) => (first === last ? first : `${first} to ${last}`)).join(', ');
  return text === '' ? 'no day' : text;
}
