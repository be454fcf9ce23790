import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { AlertReport } from '../contracts/alerts.ts';
import { searchAttributes } from '../contracts/names.ts';
import type { AlertText } from './alert-text.ts';
import { Voice } from './voice.ts';

/** Whom something is told, and what. */
interface PageInput extends AlertText {
  readonly recipients: readonly string[];
}

/**
 * Tells people one thing by mail and by webhook, each road for a day where it fails. A run of its own, so that nothing
 * waits for it.
 *
 * @throws ApplicationFailure of type `alert-not-delivered` when it could be told on no road
 */
export async function page({ recipients, ...text }: PageInput): Promise<AlertReport> {
  const voice = new Voice();
  await voice.tell(text, recipients);
  return voice.report();
}

/** Starts {@link page} under an id that nothing else has. */
export async function startPage(environment: string, workflowId: string, input: PageInput): Promise<void> {
  await startChild(page, {
    workflowId,
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    typedSearchAttributes: [
      { key: searchAttributes.environment, value: environment },
      { key: searchAttributes.scenario, value: 'page' },
    ],
    staticSummary: `told in ${environment} by mail and webhook`,
  });
}
