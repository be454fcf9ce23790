import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { startProduction } from '../../end-to-end/production.ts';
import { secretsOf } from '../../end-to-end/secrets.ts';
import { refuseTraces, sanitise } from './sanitise.ts';
import { stories } from './stories.ts';

/**
 * Records a history of every story on a sandbox. Those of this version of the package are replaced, all together or
 * none; those of earlier versions stay, since a run that began with one must go on with the next.
 */
const folder = new URL('../histories/', import.meta.url);
const packageFile = new URL('../../../package.json', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(packageFile, 'utf8')));

const production = await startProduction();
const histories = new Map<string, string>();
try {
  const { sandbox } = production;
  const { client } = sandbox.temporal.environment;
  for (const story of stories) {
    for (const [title, { workflowId, runId }] of Object.entries(await story(sandbox))) {
      const [type, happened] = title.split(' ');
      const json = sanitise(await client.workflow.getHandle(workflowId, runId).fetchHistory());
      refuseTraces(json, secretsOf(sandbox));
      histories.set(`${type}-${version}-${happened}.json`, json);
      console.log(`${type}-${version}-${happened}: ${Math.round(json.length / 1000)} kB`);
    }
  }
} finally {
  await production.stop();
}

await mkdir(folder, { recursive: true });
for (const name of await readdir(folder)) {
  if (name.includes(`-${version}-`)) await rm(new URL(name, folder));
}
for (const [name, json] of histories) await writeFile(new URL(name, folder), `${json}\n`);
console.log(`${histories.size} histories in ${fileURLToPath(folder)}`);
