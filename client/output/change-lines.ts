import type { RecoveryStatus, StepRecord } from '../../workflows/contracts/status.ts';
import { answerCommands } from '../../workflows/runbook/commands.ts';
import { forecastInOneLine, missInOneLine } from '../../workflows/runbook/forecast-text.ts';
import { duration, utc } from '../../workflows/runbook/format.ts';

/**
 * What changed from one look to the next, a line each, for a log that is not a terminal.
 *
 * @param before the earlier look; null at the first
 */
export function changeLines(before: RecoveryStatus | null, after: RecoveryStatus, now: Date): string[] {
  const at = utc(`${now.toISOString().slice(0, 19)}Z`);
  return changes(before, after).map((change) => `${at}  ${change}`);
}

function changes(before: RecoveryStatus | null, after: RecoveryStatus): string[] {
  return [
    ...after.steps.flatMap((step) =>
      stepChange(
        before?.steps.find(({ id }) => id === step.id),
        step,
      ),
    ),
    ...after.decisions.slice(before?.decisions.length ?? 0).map((record) => {
      const word = record.accepted ? 'accepted' : 'refused';
      return `${record.kind} by ${record.by} ${word}: ${record.verdict}`;
    }),
    ...after.warnings
      .filter((warning) => before?.warnings.includes(warning) !== true)
      .map((warning) => `warning: ${warning}`),
    ...missChange(before, after),
    ...(before?.phase === after.phase ? [] : [`phase ${after.phase}`]),
    ...openChange(before, after),
    ...(after.outcome === null || before?.outcome === after.outcome ? [] : [`outcome ${after.outcome}`]),
  ];
}

function stepChange(before: StepRecord | undefined, after: StepRecord): string[] {
  if (before === undefined && after.state === 'pending') return [];
  if (before?.state === after.state) return [];
  const took =
    after.startedAt !== null && after.finishedAt !== null
      ? ` in ${duration(Date.parse(after.finishedAt) - Date.parse(after.startedAt))}`
      : '';
  const why = after.failure?.happened ?? after.summary;
  return [`${after.id}: ${after.state}${took}${why === null ? '' : `: ${why}`}`];
}

/** Told when it turns; that time has passed alone is no change. */
function missChange(before: RecoveryStatus | null, { rtoForecast = null }: RecoveryStatus): string[] {
  if (rtoForecast === null || before?.rtoForecast?.verdict === rtoForecast.verdict) return [];
  const miss = missInOneLine(rtoForecast);
  return miss === null ? [] : [`warning: ${miss} Foreseen: ${forecastInOneLine(rtoForecast)}`];
}

function openChange(before: RecoveryStatus | null, after: RecoveryStatus): string[] {
  const { open, environment } = after;
  if (open === null || open.id === before?.open?.id) return [];
  return [
    `waiting for a person: ${open.question}`,
    ...answerCommands(open, environment).map((command) => `  ${command}`),
  ];
}
