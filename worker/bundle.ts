import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

const workflows = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
const payloadConverterPath = fileURLToPath(new URL('../workflows/payload-converter.ts', import.meta.url));

/**
 * Bundles workflows for a worker, with the reading of payloads that they rely on: the one way to make a bundle. Takes
 * about 2 s of a core (measured).
 *
 * @param logger told how large the bundle is, and what webpack complains of
 * @param workflowsPath file that exports the workflows; those of the project by default
 * @throws Error of webpack for code that cannot be bundled
 */
export function bundleWorkflows(
  logger: Logger,
  workflowsPath = workflows,
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger });
}
