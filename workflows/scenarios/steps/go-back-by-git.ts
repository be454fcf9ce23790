import type { CrashCauseKind, DeployedCommit } from '../../contracts/crash.ts';
import { manual, type StepContext } from '../../runbook/runbook.ts';
import { mustGoBack } from './roll-back.ts';

/** Nothing to roll back to: the way of the procedure, "From Git". */
export const goBackByGit = manual({
  id: 'go-back-by-git',
  title: 'Revert the failing commit and push: the platform deploys the push',
  phase: 'resuming',
  when: (context) => mustGoBack(context) && (context.facts.goodDeployment?.chosen ?? null) === null,
  facts: ({ facts }) => [
    { label: 'Why', value: 'there is no deployment that the platform could roll back to' },
    ...commands(facts.crashCause?.deployment?.commit ?? null, null),
    {
      label: 'Instead',
      value: 'redeploy a deployment of your choice in the dashboard, or mend what the cause names',
    },
  ],
  skippable: 'nothing is deployed; whether the application works again is found out by the next step',
});

/** Whatever is pushed next still contains what failed. */
export const revertCommit = manual({
  id: 'revert-commit',
  title: 'Revert the failing commit, so that the next push does not bring it back',
  phase: 'resuming',
  when: ({ facts }) => {
    const bad = facts.crashCause?.deployment?.commit?.hash;
    const good = facts.goodDeployment?.chosen?.commit?.hash;
    return (
      facts.wentBackTo !== undefined &&
      facts.crashCause !== undefined &&
      ofCode.includes(facts.crashCause.kind) &&
      (bad === undefined || bad !== good)
    );
  },
  facts: ({ facts }: StepContext) => [
    ...commands(facts.crashCause?.deployment?.commit ?? null, facts.goodDeployment?.chosen?.commit ?? null),
    { label: 'Or', value: 'push a fix instead of the revert; the push is deployed either way' },
  ],
  skippable: 'the next push, or switching automatic deployments on, brings the failing code back',
});

const ofCode: readonly CrashCauseKind[] = [
  'bad-deployment',
  'unhandled-exception',
  'out-of-memory',
  'unknown',
];

/** The commands to type: no access to the repository is configured, so a person types them. */
function commands(bad: DeployedCommit | null, good: DeployedCommit | null) {
  const branch = bad?.branch ?? 'main';
  const range = bad === null ? '<commit-hash>' : good === null ? bad.hash : `${good.hash}..${bad.hash}`;
  return [
    { label: 'Repository', value: bad?.repository ?? 'not told by the platform' },
    ...(bad === null
      ? [{ label: 'Commit', value: 'not told by the platform: find it with git log --oneline' }]
      : [
          { label: 'Failing commit', value: `${bad.hash}${bad.subject === null ? '' : ` "${bad.subject}"`}` },
        ]),
    { label: '1', value: `git fetch origin && git switch ${branch} && git pull --ff-only` },
    { label: '2', value: `git revert --no-edit ${range}` },
    { label: '3', value: `git push origin ${branch}` },
  ];
}
