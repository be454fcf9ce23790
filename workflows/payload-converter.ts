import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common';
import { unreadable } from './contracts/unreadable.ts';

/**
 * Reads and writes the payloads of workflow code as the SDK does, with one difference: a payload that is addressed to a
 * workflow and that cannot be read becomes {@link unreadable} instead of an error. Anybody may send a signal in the Web
 * UI, in any encoding. The SDK reads its payload before any code of ours sees it; an error there fails the workflow task,
 * which is tried for ever, and the run stands still with production down.
 *
 * Results and arguments of activities stay strict: only our own workers write them, so one that cannot be read is a fault
 * that must be seen. The converter belongs to the workflow bundle alone; activities and clients have the SDK's own. What
 * it cannot tell from a signal is what else is addressed to a workflow: its input, queries, the result of a child. These
 * come from our own client and workflows.
 *
 * @throws ValueError for a payload of an activity that cannot be read (retried by Temporal as a failed workflow task)
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  fromPayload: (payload, context, hint) => {
    if (context?.type !== 'workflow') return defaultPayloadConverter.fromPayload(payload, context, hint);
    try {
      return defaultPayloadConverter.fromPayload(payload, context, hint);
    } catch {
      return defaultPayloadConverter.fromPayload(defaultPayloadConverter.toPayload(unreadable));
    }
  },
};
