import { readdirSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../../worker/configuration.ts';
import { renderProcedure } from '../../../../worker/local/procedure/render.ts';
import { shellFunctionNames } from '../../../../worker/local/procedure/shell.ts';
import { policy } from '../../../../worker/policy.ts';
import type { Runbook } from '../../../../workflows/runbook/runbook.ts';
import { runbooks } from '../../../../workflows/scenarios/index.ts';
import { namesRead } from '../../../docs/variables.ts';

const all: readonly Runbook[] = Object.values(runbooks);
const papers = all.map((runbook) => ({ runbook, paper: renderProcedure(runbook, policy) }));
const named = papers.map(({ runbook, paper }) => [runbook.scenario, runbook, paper] as const);
const folder = new URL('../../../../worker/local/procedure/', import.meta.url);
const filesIn = (name: string) =>
  readdirSync(new URL(name, folder)).map((file) => file.replace(/\.\w+$/, ''));

/** The part of a paper that belongs to one step. */
function sectionOf(paper: string, title: string): string {
  const sections = paper.split(/^## (?:\d+\. )?/m);
  return sections.find((section) => section.startsWith(`${title}\n`)) ?? '';
}

describe('the texts of the paper procedures', () => {
  it('are there for every step of every runbook and every scenario, and none is left over', () => {
    const ids = new Set(all.flatMap(({ steps }) => steps.map(({ id }) => id)));
    expect(filesIn('steps/').sort()).toEqual([...ids].sort());
    expect(filesIn('scenarios/').sort()).toEqual(Object.keys(runbooks).sort());
  });

  it('use every shell function that there is', () => {
    const text = papers.map(({ paper }) => paper).join('\n');
    for (const name of shellFunctionNames()) expect(text).toContain(`${name}() {`);
  });
});

describe.each(named)('the paper procedure of %s', (scenario, runbook, paper) => {
  it('has every step of the declaration, in its order, with its kind', () => {
    const headings = [...paper.matchAll(/^## \d+\. (.+)\n\n`([a-z-]+)` \*\*(\w+)/gm)];
    const words = { check: 'Check', action: 'Action', destructive: 'DESTRUCTIVE', manual: 'By' } as const;
    expect(headings.map(([, title, id, kind]) => [title, id, kind])).toEqual(
      runbook.steps.map(({ title, id, kind }) => [title, id, words[kind]]),
    );
  });

  it('says of each step what to see before going on', () => {
    const silent = runbook.steps.filter(({ title }) => !sectionOf(paper, title).includes('**Go on when**'));
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('says how to take back exactly what the declaration can take back', () => {
    const undone = runbook.steps.filter(({ title }) => sectionOf(paper, title).includes('**Undo:**'));
    const declared = runbook.steps.filter((step) => step.kind === 'action' && step.undo !== null);
    expect(undone.map(({ id }) => id)).toEqual(declared.map(({ id }) => id));
  });

  it('says when to leave a step out, exactly where the declaration has a condition', () => {
    const conditional = runbook.steps.filter(({ title }) =>
      sectionOf(paper, title).includes('**Only when**'),
    );
    const declared = runbook.steps.filter(({ when }) => when !== undefined);
    expect(conditional.map(({ id }) => id)).toEqual(declared.map(({ id }) => id));
  });

  it('asks for a name before what cannot be taken back', () => {
    for (const { kind, title, id } of runbook.steps) {
      if (kind !== 'destructive' || id === 'tell-users') continue;
      expect(sectionOf(paper, title)).toContain('"${APPROVED_BY:?');
    }
  });

  it('says the objective, both safe states and the three places of help', () => {
    const text = paper.replaceAll(/\s+/g, ' ');
    expect(text).toContain('(RTO)');
    expect(text).toContain(runbook.safeState.beforeDestruction);
    expect(text).toContain(runbook.safeState.afterDestruction);
    expect(paper.match(/^- .* Docs: https:\/\/\S+$/gm)).toHaveLength(3);
    expect(text).toContain(`npx dr start ${scenario}`);
  });

  it('names every variable that its commands take, each known to the worker', () => {
    const blocks = [...paper.matchAll(/^```(?:bash|sh)\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    const commands = blocks.join('\n');
    const taken = [...commands.matchAll(/\$\{?!?([A-Z][A-Z0-9_]{2,})/g)].flatMap(([, name]) => name ?? []);
    const known = namesRead(readConfiguration);
    // Given on the way, as the message of the shell says when they are not, or set by the commands.
    const given = ['NOTES', 'MOMENT', 'APPROVED_BY', 'PWD', 'FENCE', 'EXCEPT', 'CAUSE'];
    for (const name of new Set(taken)) {
      if (given.includes(name) || new RegExp(`\\b${name}(=|:\\?)|read [^\\n]*\\b${name}\\b`).test(commands)) {
        continue;
      }
      if (commands.includes(`\${${name}:?`)) continue;
      expect(known).toContain(name);
      expect(paper).toContain(`- \`${name}\`: `);
    }
  });

  it('can be read at 80 columns', () => {
    const ofThePolicy = policy.mail.userBody.split('\n');
    const long = paper.split('\n').filter((line) => line.length > 80 && !ofThePolicy.includes(line));
    expect(long).toEqual([]);
    expect(paper).not.toMatch(/undefined|\[object|NaN/);
  });

  it('has commands that a shell can read', async () => {
    for (const [, commands = ''] of paper.matchAll(/^```(?:bash|sh)\n([\s\S]*?)^```$/gm)) {
      const { stderr } = await execa('bash', ['-n'], { input: commands, reject: false });
      expect({ stderr, commands }).toEqual({ stderr: '', commands });
    }
  });
});
