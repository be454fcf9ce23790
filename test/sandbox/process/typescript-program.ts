import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { buildOf } from './builds.ts';

const typeScriptLoader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Modules that look for files beside themselves find them from the build too. */
const knowOwnPlace: Plugin = {
  name: 'know-own-place',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: contents.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

/**
 * Puts a TypeScript program's own files into one, for {@link programArguments}: the loader would take 1 to 2 s of a core
 * at each start to do the same. Does nothing while builds are not shared.
 *
 * @param program path of its main file
 */
export async function buildProgram(program: string): Promise<void> {
  const outfile = buildOf(program, '.mjs');
  if (outfile === undefined) return;
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    keepNames: true,
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'silent',
    plugins: [knowOwnPlace],
  });
}

/**
 * Arguments that make Node run a TypeScript program: its shared build, or else its sources by the loader.
 *
 * @param program path of its main file
 */
export function programArguments(program: string): readonly string[] {
  const built = buildOf(program, '.mjs');
  return built !== undefined && existsSync(built)
    ? ['--enable-source-maps', built]
    : ['--import', typeScriptLoader, program];
}
