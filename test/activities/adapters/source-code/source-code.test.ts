import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSourceCode } from '../../../../activities/adapters/source-code/index.ts';
import { failureOf } from '../../failure-of.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dr-source-'));
  for (const folder of ['activities/vault', 'worker', 'workflows']) {
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, 'index.ts'), `export const folder = '${folder}';\n`);
  }
  await writeFile(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rm(root, { recursive: true }));

const read = (workflowBundle?: string) => createSourceCode({ root, workflowBundle }).parts();

describe('the source code of a worker', () => {
  it('has the same hashes as long as it is the same', async () => {
    const parts = await read();
    expect(Object.keys(parts).sort()).toEqual(['activities', 'dependencies', 'worker', 'workflows']);
    expect(await read()).toEqual(parts);
  });

  it('names the part that was changed, renamed or added', async () => {
    const before = await read();
    await writeFile(join(root, 'activities/vault/other.ts'), '');
    const added = await read();
    expect({ ...added, activities: before['activities'] }).toEqual(before);
    expect(added['activities']).not.toBe(before['activities']);
    await writeFile(join(root, 'package-lock.json'), '{"a":1}');
    expect((await read())['dependencies']).not.toBe(before['dependencies']);
  });

  it('is what ran when the worker started, not what lies there later', async () => {
    const running = createSourceCode({ root, workflowBundle: undefined });
    const started = await running.parts();
    await writeFile(join(root, 'worker/index.ts'), 'another');
    expect(await running.parts()).toEqual(started);
  });

  it('are the workflows of the bundle where one is run', async () => {
    const bundle = join(root, 'bundle.js');
    await writeFile(bundle, 'bundled');
    const parts = await read(bundle);
    await writeFile(join(root, 'workflows/index.ts'), 'another');
    expect(await read(bundle)).toEqual(parts);
    expect(parts['workflows']).not.toBe((await read())['workflows']);
  });

  it('says so when it cannot be read', async () => {
    await rm(join(root, 'worker'), { recursive: true });
    expect(await failureOf(read())).toMatchObject({ type: 'configuration-invalid' });
  });
});
