import type { Client } from '@temporalio/client';
import { optionalDateToTs, tsToDate } from '@temporalio/common/lib/time.js';

/**
 * The moments that Temporal itself finds in a schedule, ascending, in pages: it answers with at most 1,000 at a time,
 * without saying that there are more, and excludes the first moment of the range while it includes the last.
 *
 * @param range both ends included
 */
export async function* matchingTimes(
  client: Client,
  scheduleId: string,
  range: { readonly from: Date; readonly to: Date },
): AsyncGenerator<Date> {
  const { namespace } = client.options;
  let after = new Date((Math.ceil(range.from.getTime() / 1_000) - 1) * 1_000);
  for (;;) {
    const { startTime: page = [] } = await client.workflowService.listScheduleMatchingTimes({
      namespace,
      scheduleId,
      startTime: optionalDateToTs(after) ?? null,
      endTime: optionalDateToTs(range.to) ?? null,
    });
    const moments = (page ?? []).map(tsToDate);
    yield* moments;
    const last = moments.at(-1);
    if (last === undefined || last >= range.to) return;
    after = last;
  }
}
