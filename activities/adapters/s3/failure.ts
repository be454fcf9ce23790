import { DrError } from '../../errors.ts';

/** What went wrong in one request, as the AWS SDK throws it; every field may be missing. */
interface SdkFailure {
  readonly name: string;
  readonly status: number | undefined;
}

/** Reads the name and HTTP status of whatever was thrown. The message is left out: it may quote the request. */
export function readSdkFailure(error: unknown): SdkFailure {
  if (!(error instanceof Error)) return { name: 'unknown', status: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const name = error.name === 'Error' && code !== undefined ? code : error.name;
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return { name, status: typeof status === 'number' ? status : undefined };
}

/**
 * Turns a failed request into the project's error. An error that is a {@link DrError} already, such as that of a body
 * which broke while it was uploaded, stays what it is. The SDK's error is not kept as the cause: it carries the whole
 * request with its signed headers.
 *
 * @param error what was thrown
 * @param doing what was being done, such as `writing "reports/a.md"`
 * @param place bucket and endpoint, for a person
 * @returns `store-unavailable` (retried: network, timeout, 408, 429, 5xx) or `store-refused` (not retried: other 4xx)
 */
export function storeFailure(error: unknown, doing: string, place: string): DrError {
  if (error instanceof DrError) return error;
  const { name, status } = readSdkFailure(error);
  const answer = status === undefined ? name : `HTTP ${status}, ${name}`;
  const refused = status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (refused) {
    return new DrError('store-refused', {
      happened: `The object store refused ${doing} in ${place} (${answer}).`,
      meaning: 'Trying again does not help: the bucket, the key or the credentials are wrong.',
      next: 'Check that the bucket exists and that the configured access key may use it.',
    });
  }
  return new DrError('store-unavailable', {
    happened: `The object store did not answer properly while ${doing} in ${place} (${answer}).`,
    meaning: 'Nothing is known to be stored; the step is tried again.',
    next: 'If this goes on, check the provider’s status page and the network from the worker to the endpoint.',
  });
}
