import { request } from 'undici';
import { z } from 'zod';
import type { ApiProbe } from '../../ports.ts';

const rows = z.array(z.unknown());

/**
 * The REST API of a Supabase project, asked as an application would.
 *
 * @param options.projectUrl `https://<reference>.supabase.co`, or a sandbox's address; without a slash at its end
 * @param options.timeoutMs how long one request may take, in ms
 */
export function createSupabaseApiProbe(options: {
  readonly projectUrl: string;
  readonly timeoutMs: number;
}): ApiProbe {
  const ask = async (path: string, apiKey: string, token: string) => {
    const response = await request(`${options.projectUrl}/rest/v1/${path}`, {
      headers: { apikey: apiKey, authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    return { status: response.statusCode, text: await response.body.text() };
  };
  return {
    async tryAccess({ apiKey, token = apiKey }) {
      try {
        const { status } = await ask('', apiKey, token);
        if (status === 401 || status === 403) return 'refused';
        return status < 300 ? 'accepted' : 'unreachable';
      } catch {
        return 'unreachable';
      }
    },

    async visibleRows({ apiKey, table }) {
      try {
        const { status, text } = await ask(`${encodeURIComponent(table)}?limit=1`, apiKey, apiKey);
        if (status === 401 || status === 403 || status === 404) return 'refused';
        return status < 300 ? rows.parse(JSON.parse(text)).length : 'unreachable';
      } catch {
        return 'unreachable';
      }
    },
  };
}
