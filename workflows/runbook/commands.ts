import type { OpenDecision } from '../contracts/decisions.ts';

/** How many hex characters of a digest a person types; 48 bits tell plans apart. */
export const digestPrefixLength = 12;

/** The commands that answer an open decision, one a possible answer, ready to be copied. */
export function answerCommands(open: OpenDecision, environment: string): string[] {
  return open.answers.map((kind) => {
    const command = `npx dr ${kind} --environment ${environment}`;
    switch (kind) {
      case 'approve':
        return open.digest === null
          ? `${command} --decision ${open.id} --as NAME`
          : `${command} --digest ${open.digest.slice(0, digestPrefixLength)} --as NAME`;
      case 'replan':
        return `${command} --just-before TIME --reason "…" --as NAME`;
      case 'retry':
        return `${command} --as NAME`;
      default:
        return `${command} --reason "…" --as NAME`;
    }
  });
}

/** The same approval for somebody who has only Temporal's own command line. */
export function temporalApprovalCommand(
  open: OpenDecision,
  execution: { readonly workflowId: string; readonly runId: string },
): string {
  const approval = {
    by: 'NAME',
    decision: open.id,
    workflowId: execution.workflowId,
    runId: execution.runId,
    step: open.step,
    digest: open.digest,
  };
  return [
    `temporal workflow signal --workflow-id ${execution.workflowId} --name approve \\`,
    `  --input '${JSON.stringify(approval, null, 1)}'`,
  ].join('\n');
}
