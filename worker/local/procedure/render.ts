import type { ExpectedDuration, Policy } from '../../../workflows/contracts/policy.ts';
import { basisOf } from '../../../workflows/runbook/format.ts';
import { expectedOf, type Runbook, type Step } from '../../../workflows/runbook/runbook.ts';
import { atHand } from './at-hand.ts';
import { fillInsOf } from './fill-ins.ts';
import { reflow } from './reflow.ts';
import { shellFunctionsFor } from './shell.ts';
import { shortDuration } from './short-duration.ts';
import { readText } from './template.ts';

/** Section "Support" of the written procedure. */
const support = [
  'Supabase Backup Docs: https://supabase.com/docs/guides/database/backups',
  'PostgreSQL Docs: https://www.postgresql.org/docs/current/backup.html',
  'Railway Docs: https://docs.railway.app',
];

/** What a person gives to the shell as it stands; examples to be filled in are marked `sh`. */
const commandBlock = /^```bash\n([\s\S]*?)^```$/gm;

/** The commands of a Markdown text, block by block. */
function commandsOf(markdown: string): string[] {
  return [...markdown.matchAll(commandBlock)].map(([, commands = '']) => commands);
}

/**
 * Prints a runbook as a procedure for people: the declaration's steps, each with what is done by hand. Holds for every
 * environment; needs no Temporal, no network and no secret.
 *
 * @returns Markdown that is readable as plain text at 80 columns
 * @throws Error when a step has no text
 */
export function renderProcedure(runbook: Runbook, policy: Policy): string {
  const fillIns = fillInsOf(policy, runbook.scenario);
  const steps = runbook.steps.map((step, index) => {
    const text = readText(`steps/${step.id}.md`, fillIns).trim();
    return `## ${index + 1}. ${step.title}\n\n${kindOf(step, policy)}\n\n${text}`;
  });
  const commands = steps.flatMap(commandsOf).join('\n');
  const functions = shellFunctionsFor(commands, fillIns);
  const introduction = readText(`scenarios/${runbook.scenario}.md`, fillIns).trim();
  const parts = [
    `# ${runbook.title}: by hand`,
    `Scenario \`${runbook.scenario}\`, for any environment. The same steps as the program's, for the day when ` +
      'Temporal itself is down. As long as Temporal works, use the program: it counts, checks and remembers more. ' +
      `It starts by: \`npx dr start ${runbook.scenario}\``,
    `**Use it when:** ${introduction}`,
    objectives(runbook, policy),
    rules(policy),
    giveUp(runbook),
    needed([...functions, ...steps].join('\n'), [...functions, commands].join('\n')),
    readText('prepare.md', fillIns).trim(),
    ...steps,
    `## Functions\n\n\`\`\`bash\n${functions.join('\n\n')}\n\`\`\``,
    `## Support\n\n${support.map((line) => `- ${line}`).join('\n')}`,
  ];
  return `${reflow(parts.join('\n\n')).trimEnd()}\n`;
}

function objectives(runbook: Runbook, policy: Policy): string {
  const { rtoMs, rpoMs } = policy.objectives[runbook.scenario];
  const lines = [
    `**Objective:** healthy again within ${shortDuration(rtoMs)} of the incident (RTO); at most ${shortDuration(rpoMs)} of data lost (RPO).`,
    ...runbook.steps.flatMap((step) => {
      const expected = expectedOf(step, policy);
      return expected === null ? [] : [`- ${step.title}: ${expectedInWords(expected)}`];
    }),
  ];
  return lines.join('\n');
}

function expectedInWords(expected: ExpectedDuration): string {
  return `${shortDuration(expected.minMs)} to ${shortDuration(expected.maxMs)} (${basisOf(expected)})`;
}

function rules({ people, approval }: Policy): string {
  const approvers = people.filter(({ mayApprove }) => mayApprove).map(({ name }) => name);
  return [
    '**Rules:**',
    '',
    '- One person types, a second one reads along. Give the blocks in their order, each whole, and read what it ' +
      'prints before the next one.',
    `- What is DESTRUCTIVE needs the word of somebody who may approve: ${approvers.join(', ') || 'nobody is named in the policy'}${approval.secondPerson ? '; not of the one who types' : ''}. Nothing here checks that; you do.`,
    '- Write down each time and each decision: the folder `$NOTES` is the record. Only one recovery at a time; ask ' +
      'whether somebody else has begun one, and end a worker that still runs.',
    '- Use a machine of your own: connection strings stand in its list of processes.',
  ].join('\n');
}

function giveUp({ safeState, steps }: Runbook): string {
  const taken = steps.filter((step) => step.kind === 'action' && step.undo !== null).length;
  const how =
    taken === 0 || safeState.staysIsolated === true
      ? ''
      : ' Give the lines "Undo" of the steps that were done, the last one first.';
  return [
    '**If you give up:**',
    '',
    `- before the step that cannot be taken back: ${safeState.beforeDestruction}.${how}`,
    `- after it: ${safeState.afterDestruction}.`,
  ].join('\n');
}

function needed(text: string, commands: string): string {
  const { variables, programs } = atHand(text, commands);
  return [
    '## At hand',
    '',
    `A shell (bash 4 or newer) with: ${programs.join('; ')}. It has these variables, exported:`,
    '',
    ...variables.map(([name, meaning]) => `- \`${name}\`: ${meaning}`),
    '',
    "They stand in the worker's `.env`. This opens a shell that has them, in the folder of this project:",
    '',
    '```sh',
    `node --env-file=.env -e 'require("child_process")`,
    `  .spawnSync("bash", { stdio: "inherit" })'`,
    '```',
  ].join('\n');
}

function kindOf(step: Step, policy: Policy): string {
  const facts = [sentenceOf(step)];
  const expected = expectedOf(step, policy);
  if (expected !== null) facts.push(`Takes ${expectedInWords(expected)}.`);
  if (step.kind === 'action' && step.undo !== null) facts.push(`From then on: ${step.undo.inForce}.`);
  if (step.kind === 'action' && step.resumesWriters === true) {
    facts.push('After it others write: no restore any more without losing that.');
  }
  if (step.kind !== 'destructive' && step.skippable !== undefined) {
    facts.push(`It may be left out, but then: ${step.skippable}.`);
  }
  return `\`${step.id}\` ${facts.join(' ')}`;
}

function sentenceOf(step: Step): string {
  switch (step.kind) {
    case 'check':
      return '**Check:** changes nothing.';
    case 'manual':
      return '**By a person.**';
    case 'action':
      return step.undo === null
        ? '**Action.**'
        : `**Action,** can be undone: ${lowerFirst(step.undo.title)}.`;
    case 'destructive':
      return (
        `**DESTRUCTIVE: cannot be taken back.** Then ${step.gate.approveLeadsTo}. Only after somebody approved exactly ` +
        'this. Write down before: who approved, when, and what was shown.' +
        (step.optional ? ' Without that it is left out.' : '')
      );
  }
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
