import { z } from 'zod';

/** A log line as Railway keeps it. */
export interface LogEntry {
  readonly at: Date;
  readonly severity: string;
  readonly message: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

const structured = z
  .string()
  .transform((line, context): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.looseObject({ level: z.string(), message: z.string() }));

/** Reads a structured line into message, severity and attributes; every other line is a message as it stands. */
export function parseLogLine(line: string, at: Date): LogEntry {
  const parsed = structured.safeParse(line);
  if (!parsed.success) return { at, severity: 'info', message: line, attributes: [] };
  const { level, message, time: _time, ...rest } = parsed.data;
  const attributes = Object.entries(rest).map(([key, value]) => ({ key, value: JSON.stringify(value) }));
  return { at, severity: level, message, attributes };
}
