import { request } from 'undici';
import type { z } from 'zod';
import { answerFailure, connectionFailure, unknownAnswer } from './failures.ts';

/** Where the Management API is and how to get in. */
export interface SupabaseAccess {
  /** `https://api.supabase.com`, or a sandbox's address; without a slash at its end. */
  readonly baseUrl: string;
  /** Reference of the project: 20 lower-case letters. */
  readonly projectRef: string;
  /** Personal access token; a secret. */
  readonly accessToken: string;
  /** How long one request may take, in ms, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** One request to the Management API, of which the answer is wanted. */
interface SupabaseCall<Answer> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1/projects/{ref}`, with a query when there is one. */
  readonly path: string;
  /** Goes into error texts: `reading the project status`. */
  readonly purpose: string;
  readonly expectedStatus: number;
  readonly answer: z.ZodType<Answer>;
  readonly body?: unknown;
  /** What the body or the answer holds and no message may show, beside the access token. */
  readonly secrets?: readonly string[];
}

/** The address of a path below the project. */
export function projectUrl(access: SupabaseAccess, path: string): URL {
  return new URL(`${access.baseUrl}/v1/projects/${access.projectRef}${path}`);
}

/**
 * Sends one request and reads its answer. Nothing is tried again here: Temporal does that.
 *
 * @throws DrError `provider-unauthorized`, `provider-rate-limited` (with `retryAfterMs`), `provider-unavailable`,
 * `provider-timeout`, `provider-refused` or `provider-answer-unknown`
 */
export async function call<Answer>(access: SupabaseAccess, wanted: SupabaseCall<Answer>): Promise<Answer> {
  const { purpose } = wanted;
  let status: number;
  let headers: Record<string, string | string[] | undefined>;
  let bodyText: string;
  try {
    const response = await request(projectUrl(access, wanted.path), {
      method: wanted.method,
      headers: {
        authorization: `Bearer ${access.accessToken}`,
        accept: 'application/json',
        ...(wanted.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: wanted.body === undefined ? null : JSON.stringify(wanted.body),
      signal: AbortSignal.timeout(access.timeoutMs),
    });
    status = response.statusCode;
    headers = response.headers;
    bodyText = await response.body.text();
  } catch (error) {
    throw connectionFailure(purpose, error, access.timeoutMs);
  }

  if (status !== wanted.expectedStatus) {
    const secrets = [access.accessToken, ...(wanted.secrets ?? [])];
    throw answerFailure({ purpose, status, headers, bodyText, secrets });
  }
  let json: unknown;
  try {
    json = bodyText === '' ? undefined : JSON.parse(bodyText);
  } catch (error) {
    throw unknownAnswer(purpose, 'not JSON', error);
  }
  const parsed = wanted.answer.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole').join(', ');
  throw unknownAnswer(purpose, `unexpected at: ${where}`, parsed.error);
}
