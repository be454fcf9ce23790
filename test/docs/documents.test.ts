import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfiguration as readClientConfiguration } from '../../client/configuration.ts';
import { exitCodes } from '../../client/exit-codes.ts';
import { readConfiguration } from '../../worker/configuration.ts';
import { searchAttributes } from '../../workflows/contracts/names.ts';
import { applicationCrashRunbook } from '../../workflows/scenarios/application-crash.ts';
import { dataLossRunbook } from '../../workflows/scenarios/data-loss.ts';
import { terminal } from '../client/peer/terminal.ts';
import { tableUnder } from './table.ts';
import { namesRead } from './variables.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const readme = read('README.md');
const example = read('.env.example');
const compose = read('docker-compose.yml');
const guides = [readme, read('CONTRIBUTING.md')];
const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json'))).scripts;

/** Names of the commands, as the program itself lists them. */
async function commandNames(): Promise<string[]> {
  const { out } = await terminal(null).dr('--help');
  const listed = /^Commands:\n((?: {2}.+\n)+)/m.exec(out)?.[1] ?? '';
  return [...listed.matchAll(/^ {2}([a-z-]+)/gm)]
    .flatMap(([, name]) => name ?? [])
    .filter((n) => n !== 'help');
}

describe('the README', () => {
  it('lists exactly the commands that the program has, in its order', async () => {
    const commands = await commandNames();
    expect(commands).toContain('start');
    expect(tableUnder(readme, 'Command').map(([name]) => name)).toEqual(
      commands.map((name) => `\`npx dr ${name}\``),
    );
  });

  it('lists exactly the exit codes that the program has', () => {
    expect(tableUnder(readme, 'Exit code').map(([code]) => Number(code))).toEqual(Object.values(exitCodes));
  });

  it('lists the steps of data loss with their kinds, in their order', () => {
    expect(tableUnder(readme, 'Step').map(([id, kind]) => `${id} ${kind}`)).toEqual(
      dataLossRunbook.steps.map(({ id, kind }) => `\`${id}\` ${kind}`),
    );
  });

  it('lists the steps of an application crash with their kinds, in their order', () => {
    expect(tableUnder(readme, 'Step of a crash').map(([id, kind]) => `${id} ${kind}`)).toEqual(
      applicationCrashRunbook.steps.map(({ id, kind }) => `\`${id}\` ${kind}`),
    );
  });

  it.each([
    ['the worker', 'Variable of the worker', namesRead(readConfiguration)],
    ['the dr command', 'Variable of `dr`', namesRead(readClientConfiguration)],
  ])('lists exactly the variables that %s reads', (_who, heading, names) => {
    expect(names.length).toBeGreaterThan(2);
    expect(tableUnder(readme, heading).map(([name]) => name)).toEqual(names.map((name) => `\`${name}\``));
  });

  it('tells how to register every search attribute', () => {
    for (const { name } of Object.values(searchAttributes)) {
      expect(readme).toContain(`--name ${name} --type Keyword`);
    }
  });
});

describe('.env.example', () => {
  it('names every variable that the worker and the dr command read', () => {
    for (const name of [...namesRead(readConfiguration), ...namesRead(readClientConfiguration)]) {
      expect(example).toMatch(new RegExp(`^(# )?${name}=`, 'm'));
    }
  });

  it('names every variable that the compose file takes', () => {
    const taken = [...compose.matchAll(/[^$]\$\{([A-Z0-9_]+)/g)].flatMap(([, name]) => name ?? []);
    expect(taken).toContain('TEMPORAL_DATABASE_PASSWORD');
    for (const name of taken) expect(example).toMatch(new RegExp(`^${name}=`, 'm'));
  });
});

describe('the guides', () => {
  it('name only scripts that package.json has', () => {
    const named = guides.flatMap((text) => [...text.matchAll(/npm run (?:-s )?([a-z:-]+)/g)]);
    expect(named.length).toBeGreaterThan(3);
    for (const [, name] of named) expect(Object.keys(scripts)).toContain(name);
    expect(Object.keys(scripts)).toContain('test');
  });

  it('name only commands that the program has', async () => {
    const commands = await commandNames();
    const named = guides.flatMap((text) => [...text.matchAll(/npx dr ([a-z-]+)/g)]);
    expect(named.length).toBeGreaterThan(commands.length);
    for (const [, name] of named) expect(commands).toContain(name);
  });
});

describe('the compose file', () => {
  it('registers every search attribute', () => {
    for (const { name } of Object.values(searchAttributes)) {
      expect(compose).toContain(`--name ${name} --type Keyword`);
    }
  });
});
