import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { locatePostgres } from '../../../../activities/adapters/toolbox/index.ts';

const project = fileURLToPath(new URL('../../../..', import.meta.url));
const block = /^```bash\n([\s\S]*?)^```$/gm;
const marker = '\u0001step ';

/** What each step printed, by its number and title as the paper has it. */
export type Printed = ReadonlyMap<string, string>;

/**
 * Does what a paper says, as a person would who types block after block into one shell: functions first, then the
 * preparation, then the steps in their order. The first command that fails ends it.
 *
 * @param environment all that the shell knows
 * @param leftOut ids of the steps whose "Only when" does not hold
 * @throws Error with everything that was printed
 */
export async function followPaper(
  markdown: string,
  environment: Readonly<Record<string, string>>,
  leftOut: readonly string[] = [],
): Promise<Printed> {
  const folder = await mkdtemp(join(tmpdir(), 'vendhub-by-hand-'));
  try {
    const sections = markdown.split(/^## /m).slice(1);
    const functions = sections.filter((text) => text.startsWith('Functions\n'));
    const preparation = sections.filter((text) => text.startsWith('Prepare\n'));
    const steps = sections.filter((text) => /^\d+\. /.test(text) && !leftOut.includes(idOf(text)));
    const script = [...functions, ...preparation, ...steps].map((section) => {
      const [title = ''] = section.split('\n');
      const commands = [...section.matchAll(block)].map(([, text = '']) => text).join('\n');
      return `printf '\\1step %s\\n' ${quoted(title)}\n${commands}`;
    });
    const file = join(folder, 'paper.sh');
    await writeFile(file, `set -eu\n${script.join('\n')}\ntrue\n`);
    const { path } = await locatePostgres();
    const { all, exitCode } = await execa('bash', [file], {
      cwd: project,
      extendEnv: false,
      env: {
        HOME: folder,
        LC_ALL: 'C.UTF-8',
        ...environment,
        NOTES: join(folder, 'notes'),
        PATH: [path, process.env['PATH'] ?? ''].join(delimiter),
      },
      all: true,
      reject: false,
      stdin: 'ignore',
      timeout: 540_000,
    });
    if (exitCode !== 0) throw new Error(`The paper failed (${exitCode}):\n${all}`);
    const parts = all.split(marker).slice(1);
    return new Map(
      parts.map((part) => {
        const end = part.indexOf('\n');
        return [part.slice(0, end), part.slice(end + 1)];
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The programs that a paper needs beside PostgreSQL's, and whether this machine has them all. */
export async function hasPrograms(): Promise<boolean> {
  const { exitCode } = await execa('bash', ['-c', 'command -v curl jq openssl gunzip'], { reject: false });
  return exitCode === 0;
}

function idOf(section: string): string {
  return /^`([a-z-]+)` /m.exec(section)?.[1] ?? '';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
