import type { WorkflowHandle } from '@temporalio/client';

const utf8 = new TextEncoder();

/** Payloads that a person or another system can send to a run, and that none of ours can read. */
export const foreignPayloads = [
  {
    what: 'Protobuf as JSON',
    payload: {
      metadata: { encoding: utf8.encode('json/protobuf'), messageType: utf8.encode('vendhub.Answer') },
      data: utf8.encode('{"by":"mallory","id":"protobuf"}'),
    },
  },
  {
    what: 'no JSON',
    payload: {
      metadata: { encoding: utf8.encode('json/plain') },
      data: utf8.encode('{"by": "mallory", approve!'),
    },
  },
  { what: 'no metadata', payload: { data: utf8.encode('{"by":"mallory","id":"bare"}') } },
  { what: 'nothing at all', payload: {} },
] as const;

/** Sends a signal past the SDK's converter, as the Web UI and other programs do. */
export async function signalRaw(
  { client, workflowId }: WorkflowHandle,
  signalName: string,
  payload: (typeof foreignPayloads)[number]['payload'],
): Promise<void> {
  await client.workflowService.signalWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    signalName,
    input: { payloads: [payload] },
  });
}
