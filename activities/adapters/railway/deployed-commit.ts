import type { DeployedCommit } from '../../../workflows/contracts/crash.ts';

/** What Railway's `meta` says of the commit that was built; null where it names none, as for a pushed image. */
export function deployedCommit(
  meta: Partial<Record<'commitHash' | 'commitMessage' | 'branch' | 'repo', string | null | undefined>> | null,
): DeployedCommit | null {
  // Both go into commands that a person is told to run, so they must be what they say and nothing else.
  if (!meta?.commitHash || !/^[0-9a-f]{7,64}$/i.test(meta.commitHash)) return null;
  return {
    hash: meta.commitHash,
    branch: meta.branch && /^[\w][\w./-]*$/.test(meta.branch) ? meta.branch : null,
    repository: meta.repo ?? null,
    subject: meta.commitMessage?.split('\n', 1)[0] ?? null,
  };
}
