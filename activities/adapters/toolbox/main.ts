import { DrError } from '../../errors.ts';
import { type LocatedProgram, locatePostgres, locateSeaweed, locateTemporal } from './index.ts';

const onProgress = (message: string) => process.stderr.write(`${message}\n`);

function report(name: string, { version, source, path, note }: LocatedProgram): string {
  const line = `${name.padEnd(12)}${version.padEnd(10)}${source.padEnd(13)}${path}`;
  return note === undefined ? line : `${line}\n${' '.repeat(12)}${note}`;
}

for (const [name, locate] of [
  ['temporal', locateTemporal],
  ['postgresql', locatePostgres],
  ['seaweedfs', locateSeaweed],
] as const) {
  try {
    process.stdout.write(`${report(name, await locate({ onProgress }))}\n`);
  } catch (error) {
    if (!(error instanceof DrError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = 1;
  }
}
