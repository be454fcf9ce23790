import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** More of a log than anybody asks for. */
const longestTailBytes = 8 * 1024 * 1024;
const firstLine = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}\.\d{3}) UTC \[\d+\] (\S*) (\S*)@\S* (\w+): +(.*)$/;

/** One entry of the server's log as the analytics show it; the timestamp in microseconds since 1970. */
interface LogLine {
  readonly id: string;
  readonly timestamp: number;
  readonly event_message: string;
  readonly error_severity: string;
  readonly user_name: string | null;
  readonly connection_from: string | null;
}

/** The newest entries of a span of time, newest first. */
export async function logLines(
  file: string,
  span: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  for (const text of (await tail(file)).split('\n')) {
    const match = firstLine.exec(text);
    if (match === null) continue;
    const [, day, time, host = '', user = '', severity = '', message = ''] = match;
    const atMs = Date.parse(`${day}T${time}Z`);
    if (atMs < span.fromMs || atMs > span.toMs) continue;
    lines.push({
      id: createHash('sha256').update(`${lines.length}${text}`).digest('hex').slice(0, 32),
      timestamp: atMs * 1000,
      event_message: message,
      error_severity: severity,
      user_name: user === '' || user === '[unknown]' ? null : user,
      connection_from: host === '' ? null : host,
    });
  }
  return lines.reverse().slice(0, span.limit);
}

async function tail(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - longestTailBytes);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - start), position: start });
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}
