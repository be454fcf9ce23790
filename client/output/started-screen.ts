import { recoveryWorkflowId } from '../../workflows/contracts/names.ts';
import type { PlanReport } from '../../workflows/contracts/report.ts';
import { utcSecond } from '../../workflows/runbook/format.ts';
import type { Configuration } from '../configuration.ts';
import { echoRequest, type RecoveryRequest } from '../recovery-request.ts';
import { commandText, nextLines } from './command-text.ts';
import type { Screen } from './screen.ts';
import { fields, hang } from './text.ts';

/** What was started, and what to do next. */
export function startedScreen(
  request: RecoveryRequest,
  { recoveryPoint, warnings }: PlanReport,
  { runId, webUi }: { readonly runId: string; readonly webUi: string | null },
  screen: Screen,
): string[] {
  const { environment, reason } = request.input;
  const project = recoveryPoint?.project;
  return [
    screen.style('good', `STARTED  ${request.scenario} in ${environment}`),
    ...fields(
      [
        [
          'project',
          project === undefined
            ? 'unknown'
            : `${project.name} (${project.ref}, ${project.provider} ${project.region})`,
        ],
        ...echoRequest(request, screen.now),
        ...(recoveryPoint ? [['target second', utcSecond(recoveryPoint.targetUnix)] as const] : []),
        ['reason', reason],
        ['run', `${recoveryWorkflowId(environment)} ${runId}`],
      ],
      screen.width,
    ),
    ...(webUi === null ? [] : [`  ${webUi}`]),
    ...warnings.flatMap((warning) => hang('warning: ', warning, screen.width)),
    ...nextLines(
      [
        { text: commandText({ command: 'watch', environment }), why: 'follow it live' },
        { text: commandText({ command: 'status', environment }), why: 'one look' },
      ],
      screen.width,
    ),
  ];
}

/** Where Temporal's Web UI shows a run; null where its address is not configured. */
export function webUiAddress(
  { temporalUi }: Configuration,
  namespace: string,
  workflowId: string,
  runId: string,
): string | null {
  return temporalUi === null
    ? null
    : `${temporalUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}
