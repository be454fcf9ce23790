import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows as bundle } from '../../../worker/bundle.ts';
import { buildOf } from '../process/builds.ts';

const runbooks = fileURLToPath(new URL('../../../workflows/index.ts', import.meta.url));

/**
 * Bundles workflows once for many workers; each would take seconds to do it by itself.
 *
 * @param folder where the bundle is put, unless builds are shared
 * @param workflowsPath the runbooks by default
 * @returns path of the file, for a worker's `DR_WORKFLOW_BUNDLE` or its `codePath`
 */
export async function bundleWorkflows(folder: string, workflowsPath = runbooks): Promise<string> {
  const path = buildOf(workflowsPath, '.js') ?? join(folder, 'workflow-bundle.js');
  if (existsSync(path)) return path;
  const { code } = await bundle(new DefaultLogger('ERROR'), workflowsPath);
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, path);
  return path;
}
