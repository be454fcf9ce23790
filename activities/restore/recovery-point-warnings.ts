import type { RestoreWindow } from '../../workflows/contracts/recovery-point.ts';
import { durationText, utcText } from './text.ts';

/**
 * What a person should know about a target that can be restored.
 *
 * @param input.rpoMs the objective: how much may be lost, in ms
 * @param input.providerLagMs how far behind now the provider's newest recovery point usually lies, in ms
 */
export function recoveryPointWarnings(input: {
  readonly targetUnix: number;
  readonly window: RestoreWindow;
  readonly rpoMs: number;
  readonly providerLagMs: number;
  readonly now: Date;
}): readonly string[] {
  const { targetUnix, window, rpoMs, providerLagMs } = input;
  const nowMs = input.now.getTime();
  const warnings: string[] = [];
  if (providerLagMs > rpoMs) {
    warnings.push(
      `The provider's newest recovery point lies about ${durationText(providerLagMs)} behind, so the objective of ` +
        `${durationText(rpoMs)} (RPO) cannot be promised by this provider.`,
    );
  }
  if (targetUnix > window.latestUnix) {
    warnings.push(
      `The provider has archived up to ${utcText(window.latestUnix)} only, ` +
        `${durationText((targetUnix - window.latestUnix) * 1000)} before the target: production is stopped ` +
        'meanwhile, and the re-check before the restore waits for it.',
    );
  } else if (nowMs - targetUnix * 1000 < providerLagMs) {
    warnings.push(
      `The target lies within the last ${durationText(providerLagMs)}, which the provider may not have archived ` +
        'completely: the restore could be refused or stop earlier.',
    );
  }
  const behindMs = nowMs - window.latestUnix * 1000;
  if (behindMs > providerLagMs) {
    warnings.push(
      `The newest recovery point is ${utcText(window.latestUnix)}, ${durationText(behindMs)} ago, more than the ` +
        `usual ${durationText(providerLagMs)}: nothing was written since, or archiving is failing.`,
    );
  }
  return warnings;
}
