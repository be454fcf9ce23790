import { z } from 'zod';
import { readTrendWorkflow, type Trend, type TrendInput } from '../../workflows/contracts/trend.ts';
import { trendDocument } from '../../workflows/runbook/documents/trend.ts';
import type { Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { type DocumentFormat, writeDocument } from '../output/document.ts';
import { writeLines } from '../output/screen.ts';

/** How many months `dr report --trend` looks back when nobody says. */
export const defaultMonths = 12;

const monthsSchema = z.object({ months: z.coerce.number().int().min(1).max(120).default(defaultMonths) });

/**
 * `dr report --trend`: RTO, RPO, size and age of backups over months. Without a format the tables alone are printed.
 *
 * @returns 0, also where objectives were missed: that is what the trend is to tell
 */
export async function showTrend(
  invocation: Invocation,
  context: DrContext,
  { format, output }: { readonly format: DocumentFormat | null; readonly output: string | undefined },
  known: readonly string[],
): Promise<ExitCode> {
  const asked = monthsSchema.safeParse(invocation.options);
  const problems = [...known, ...(asked.success ? [] : ['--months: expected a whole number from 1 to 120.'])];
  const { input } = readOperationRequest(invocation, context, 'report --trend', problems);
  const { environment, startedBy } = input;
  const trend = await resultOf<TrendInput, Trend>(context, {
    type: readTrendWorkflow,
    name: 'trend',
    input: { environment, months: asked.data?.months ?? defaultMonths },
    environment,
    startedBy,
    readsOnly: true,
  });
  const written = { document: trendDocument(trend), json: trend };
  await writeDocument(context, written, { format: format ?? 'markdown', output });
  if (format === null) {
    writeLines(context.stderr, ['', 'See it drawn: npx dr report --trend --output trend.html']);
  }
  return exitCodes.fine;
}
