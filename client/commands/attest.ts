import type { Attestation, AttestInput } from '../../workflows/contracts/attestations.ts';
import { utc } from '../../workflows/runbook/format.ts';
import type { DrCommand, Invocation } from '../command.ts';
import { stopOnProblems } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { optionsSchema, readIdentity, readScope, withCommonOptions, withIdentity } from '../options.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { fields } from '../output/text.ts';

/** `dr attest`: a person of the policy vouches for what no probe can know; refused with 2 for anybody and anything else. */
export const attest: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--note <text>', 'what was done, and where it can be read')
      .option('--denied', 'that it does not hold: the answer to a question of a review')
      .option('--valid-days <number>', 'for how many days it counts, if fewer than the policy lets it');
    withExample(command, 'npx dr attest team-trained --note "all four, minutes in the wiki"');
  },
  run: recordAttestation,
};

async function recordAttestation(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const { input, json } = readRequest(invocation, context);
  const { environment, startedBy } = input;
  const attestation = await resultOf<AttestInput, Attestation>(context, {
    type: 'attest',
    name: 'attest',
    input,
    environment,
    startedBy,
    readsOnly: false,
  });
  if (json) {
    writeJson(context.stdout, attestation);
    return exitCodes.fine;
  }
  const { width } = screenFor(context);
  const { item, holds, by, at, validUntil, note, workflowId } = attestation;
  writeLines(context.stdout, [
    `${holds ? 'Attested' : 'Denied'}: ${item}`,
    ...fields(
      [
        ['by', `${by} (identity not verified)`],
        ['at', utc(`${at.slice(0, 19)}Z`)],
        ['valid until', utc(`${validUntil.slice(0, 19)}Z`)],
        ['note', note],
        ['run', workflowId],
      ],
      width,
    ),
    ...nextLines([{ text: commandText({ command: 'doctor', environment }), why: 'what is left' }], width),
  ]);
  return exitCodes.fine;
}

/** Which items there are is the policy's to say, which the worker has. */
function readRequest({ args, options: typed }: Invocation, context: DrContext) {
  const options = optionsSchema.parse(typed);
  const problems: string[] = [];
  const { configuration, environment } = readScope(options, context, problems);
  const { name: startedBy } = readIdentity(options, configuration, problems);
  const [item = '', ...rest] = args;
  if (item === '') problems.push('item: say what you vouch for, such as team-trained.');
  if (rest.length > 0) problems.push(`item: expected one, got ${args.length}.`);
  const note = options.note?.trim() ?? '';
  if (note === '') problems.push('--note: say what was done, and where it can be read.');
  const validDays = options.validDays === undefined ? null : Number(options.validDays);
  if (validDays !== null && !(Number.isInteger(validDays) && validDays >= 1)) {
    problems.push(`--valid-days: expected a number of days, got "${options.validDays}".`);
  }
  stopOnProblems(problems, 'attest');
  const input: AttestInput = { environment, startedBy, item, holds: !options.denied, note, validDays };
  return { input, json: options.json };
}
