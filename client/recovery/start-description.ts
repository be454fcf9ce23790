import type { PlanReport } from '../../workflows/contracts/report.ts';
import { utc } from '../../workflows/runbook/format.ts';
import type { RecoveryRequest } from '../recovery-request.ts';

/**
 * What the Web UI shows of a run from its first second, also while no worker lives.
 *
 * @returns one line, and Markdown
 */
export function startDescription(
  { scenario, input }: Pick<RecoveryRequest, 'scenario' | 'input'>,
  { recoveryPoint }: PlanReport,
): { readonly summary: string; readonly details: string } {
  const { environment, startedBy, reason, target, credentialsStolen, incidentAt } = input;
  const goesTo =
    target === null ? null : `${target.kind === 'at' ? 'back to' : 'just before'} ${target.moment}`;
  const project = recoveryPoint?.project;
  return {
    summary: `${scenario} in ${environment}${goesTo === null ? '' : `, ${goesTo}`}, by ${startedBy}: ${oneLine(reason)}`,
    details: [
      `**Recovery from ${scenario}** in **${environment}**, started by ${startedBy} (identity unverified).`,
      '',
      `- Why: ${oneLine(reason)}`,
      ...(goesTo === null ? [] : [`- Goes ${goesTo}`]),
      ...(credentialsStolen ? ['- Credentials count as stolen: they are exchanged'] : []),
      `- Incident began: ${utc(incidentAt)}`,
      `- Project: ${project === undefined ? 'unknown' : `${project.name} (${project.ref}, ${project.provider} ${project.region})`}`,
      '',
      `How it stands: \`npx dr status --environment ${environment}\``,
    ].join('\n'),
  };
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[<>[\]`*_]/g, '')
    .slice(0, 500);
}
