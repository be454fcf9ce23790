import { DrError } from '../../errors.ts';
import type { PlatformLogLine, PlatformLogs } from '../../ports.ts';
import { logsAnswer } from './answers.ts';
import { call, type SupabaseAccess } from './client.ts';
import { utc } from './utc.ts';

/** The API refuses a longer span in one request. */
const longestSpanMs = 24 * 60 * 60 * 1000;

function sql(limit: number): string {
  return [
    'select postgres_logs.timestamp, event_message, parsed.error_severity, parsed.user_name, parsed.connection_from',
    'from postgres_logs cross join unnest(metadata) as m cross join unnest(m.parsed) as parsed',
    `order by timestamp desc limit ${limit}`,
  ].join(' ');
}

/** The API gives microseconds since 1970 as a number, or text where the query casts it. */
function moment(timestamp: number | string): string {
  return typeof timestamp === 'number' ? new Date(timestamp / 1000).toISOString() : utc(timestamp);
}

/**
 * The log of Supabase's PostgreSQL, by the Management API. It rounds a span to minutes, which is put right here.
 *
 * @returns logs whose method throws the `provider-*` errors
 */
export function createSupabaseLogs(access: SupabaseAccess): PlatformLogs {
  const read = async (from: Date, to: Date, limit: number): Promise<readonly PlatformLogLine[]> => {
    const query = new URLSearchParams({
      sql: sql(limit),
      iso_timestamp_start: from.toISOString(),
      iso_timestamp_end: to.toISOString(),
    });
    const { result, error } = await call(access, {
      method: 'GET',
      path: `/analytics/endpoints/logs.all?${query}`,
      purpose: 'reading the log of the database',
      expectedStatus: 200,
      answer: logsAnswer,
    });
    if (error) throw notRun(typeof error === 'string' ? error : error.message);
    const lines = (result ?? []).map((line) => ({
      at: moment(line.timestamp),
      severity: line.error_severity ?? 'LOG',
      role: line.user_name ?? null,
      from: line.connection_from ?? null,
      message: line.event_message,
    }));
    const inSpan = lines.filter(({ at }) => at >= from.toISOString() && at <= to.toISOString());
    // They come newest first; lines of one moment stay in their order.
    return inSpan.reverse().sort((a, b) => a.at.localeCompare(b.at));
  };

  return {
    async databaseLog({ from, to, limit }) {
      let lines: readonly PlatformLogLine[] = [];
      let end = to.getTime();
      while (end > from.getTime() && lines.length < limit) {
        const start = Math.max(from.getTime(), end - longestSpanMs);
        lines = [...(await read(new Date(start), new Date(end), limit - lines.length)), ...lines];
        end = start;
      }
      return lines;
    },
  };
}

function notRun(message: string): DrError {
  return new DrError('provider-refused', {
    happened: `Supabase did not run the query on its logs (${message.slice(0, 300)}).`,
    meaning: 'What the log of the database says is not known here; nothing was changed.',
    next: 'Read the log in the Supabase dashboard, and go on without this evidence or retry.',
  });
}
