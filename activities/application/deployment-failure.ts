import { DrError } from '../errors.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import { scrubSecrets } from './scrub-secrets.ts';

const logLines = 10;
const longestLine = 300;

/**
 * Why a deployment does not run, with its last log lines, which are scrubbed of what looks like a secret.
 *
 * @param rawStatus the platform's word; undefined when the deployment was never listed
 * @returns DrError `deployment-failed`
 */
export async function deploymentFailure(
  dependencies: ApplicationDependencies,
  deploymentId: string,
  rawStatus: string | undefined,
  deadlineMs: number,
): Promise<DrError> {
  const lines = await lastLines(dependencies, deploymentId);
  return new DrError('deployment-failed', {
    happened: `Deployment ${deploymentId} does not run (${rawStatus ?? 'not listed'}, waited up to ${deadlineMs / 1_000} s). Last log lines:\n${lines}\n`,
    meaning: 'The application is not up; a deployment that is still under way may come up later.',
    next: 'Read the log: mend what it names and retry, or roll back to a deployment that ran.',
  });
}

async function lastLines({ platform }: ApplicationDependencies, deploymentId: string): Promise<string> {
  try {
    const entries = await platform.logs(deploymentId, logLines);
    if (entries.length === 0) return '(none)';
    return entries
      .slice(-logLines)
      .map(({ at, severity, message }) => `${at} ${severity} ${scrubSecrets(message).slice(0, longestLine)}`)
      .join('\n');
  } catch (error) {
    return `(could not be read: ${error instanceof DrError ? error.explanation.happened : 'unexpected error'})`;
  }
}
