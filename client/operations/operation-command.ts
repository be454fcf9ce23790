import type { RestoreBackupInput } from '../../workflows/contracts/backups.ts';
import type { DrillInput } from '../../workflows/contracts/drills.ts';
import {
  type BackupInput,
  commandFor,
  type OperationInput,
  type OperationName,
  type OperationRecord,
  operationWorkflows,
  type UploadsTransferInput,
} from '../../workflows/contracts/operations.ts';
import type { Invocation } from '../command.ts';
import { CommandStopped } from '../command-stopped.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type NextCommand, operationScreen } from '../output/operation-screen.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { explainFailure } from '../recovery/failure.ts';
import { recordOfFailure } from './record.ts';
import { readOperationRequest } from './request.ts';
import { runWorkflow } from './run-workflow.ts';

/** A command that runs an operation and waits for it. */
export interface OperationCommand {
  readonly operation: OperationName;
  /** Words after `npx dr` that give this command again. */
  readonly command: string;
  /** Whether it takes `--tier`. */
  readonly tiered?: true;
  /** What is wrong with the options that only this command has. */
  readonly problems?: readonly string[];
  /** What the operation is told beside environment and starter. */
  readonly arguments?:
    | Omit<UploadsTransferInput, keyof OperationInput>
    | Omit<RestoreBackupInput, keyof OperationInput>
    | Omit<DrillInput, keyof OperationInput>;
  /** Done when the operation is over, before its record is printed. */
  readonly whenOver?: () => Promise<void>;
  /** What the procedure's script says first. */
  readonly opening?: string;
  /** What the procedure's script says at its end. */
  readonly verdict?: (record: OperationRecord) => readonly string[];
  /** What to do when it succeeded. */
  readonly next: NextCommand;
}

/**
 * Runs an operation, waits for it and prints what it found.
 *
 * @returns 0 when it succeeded, 1 when it failed, 2 when it stood back for a recovery
 * @throws CommandStopped with exit code 1 when it was ended without a record, 2 for bad input, 3 when its end is not known
 */
export async function runOperationCommand(
  declared: OperationCommand,
  invocation: Invocation,
  context: DrContext,
): Promise<ExitCode> {
  const { operation, opening, tiered = false } = declared;
  const { input, tier, json } = readOperationRequest(
    invocation,
    context,
    declared.command,
    declared.problems,
  );
  const command = tiered ? commandFor({ operation, tier }) : declared.command;
  if (!json && opening !== undefined) writeLines(context.stdout, [opening]);
  const record = await runToRecord(context, operation, {
    ...input,
    ...(tiered ? { tier } : {}),
    ...declared.arguments,
  });
  await declared.whenOver?.();
  if (json) writeJson(context.stdout, record);
  else writeLines(context.stdout, operationScreen(record, { ...declared, command }, screenFor(context)));
  return exitCodeOf[record.outcome];
}

const exitCodeOf = {
  succeeded: exitCodes.fine,
  failed: exitCodes.failed,
  'stood-back': exitCodes.refused,
} as const satisfies Record<OperationRecord['outcome'], ExitCode>;

async function runToRecord(
  context: DrContext,
  operation: OperationName,
  input: OperationInput | BackupInput | UploadsTransferInput | RestoreBackupInput | DrillInput,
): Promise<OperationRecord> {
  const { environment, startedBy } = input;
  const type = operationWorkflows[operation];
  const ended = await runWorkflow<typeof input, OperationRecord>(context, {
    ...{ type, name: operation, input, environment, startedBy },
    readsOnly: false,
  });
  if ('result' in ended) return ended.result;
  const record = recordOfFailure(ended.error);
  if (record !== null) return record;
  const { type: failure, explanation } = explainFailure(ended.error);
  throw new CommandStopped(failure === 'input-invalid' ? exitCodes.refused : exitCodes.failed, explanation);
}
