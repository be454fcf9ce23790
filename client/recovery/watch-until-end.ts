import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { commandText, nextLines } from '../output/command-text.ts';
import { endingLines } from '../output/ending.ts';
import { watchRecovery } from '../output/live-view.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';
import { type RecoveryHandle, readReport } from './run.ts';

/**
 * Shows a run until it ends or the person stops watching, then says how it ended.
 *
 * @returns 0 for a recovery, 1 for any other end, 3 when watching was stopped
 */
export async function watchUntilEnd(
  handle: RecoveryHandle,
  json: boolean,
  context: DrContext,
): Promise<ExitCode> {
  const { environment, now } = context;
  const end = await watchRecovery(handle, context.stdout, {
    environment,
    now,
    json,
    signal: context.interruption(),
  });
  const screen = screenFor(context);
  const recoveryOf = handle.workflowId.replace(/^recovery-/, '');
  const next = (command: string, why: string) =>
    nextLines([{ text: commandText({ command, environment: recoveryOf }), why }], screen.width);
  if (end.kind === 'stopped') {
    if (!json) {
      writeLines(context.stdout, ['Stopped watching; the run goes on.', ...next('watch', 'follow it again')]);
    }
    return exitCodes.unknown;
  }
  const state = end.description.status.name;
  if (state !== 'COMPLETED') {
    if (json) writeJson(context.stdout, { state, report: null });
    else writeLines(context.stdout, [`ENDED: ${state}`, ...next('status', 'what it left in force')]);
    return exitCodes.failed;
  }
  const report = await readReport(end.handle);
  if (json) writeJson(context.stdout, { state, report });
  else {
    const left = report.outcome === 'left-fenced' || report.outcome === 'left-changed';
    writeLines(context.stdout, [
      ...endingLines(report, screen),
      ...(left ? next('status', 'what is still in force') : next('report', 'the whole report')),
    ]);
  }
  return report.outcome === 'recovered' ? exitCodes.fine : exitCodes.failed;
}
