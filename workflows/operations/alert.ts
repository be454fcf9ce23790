import { condition, setHandler } from '@temporalio/workflow';
import {
  type AlertReport,
  failedSignal,
  type OperationFailed,
  type OperationRecovered,
  recoveredSignal,
} from '../contracts/alerts.ts';
import type { OperationKind } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { isFailure, isRecovery } from './alert-news.ts';
import { failureText, recoveryText } from './alert-text.ts';
import { Voice } from './voice.ts';

/**
 * Tells by mail and by webhook that a kind of operation fails, and once more when it succeeds again. It runs as long as
 * the incident is open: further failures are not told. Each road tries for a day, so that a mail server which is down for
 * an hour loses nothing, and neither road waits for the other. (procedure, section 7)
 *
 * @returns what was told when
 * @throws ApplicationFailure of type `alert-not-delivered` when something could be told on no road
 */
export async function alert(first: OperationFailed): Promise<AlertReport> {
  const news: (OperationFailed | OperationRecovered)[] = [first];
  setHandler(failedSignal, (failed: unknown) => {
    if (isFailure(failed)) news.push(failed);
  });
  setHandler(recoveredSignal, (recovered: unknown) => {
    if (isRecovery(recovered)) news.push(recovered);
  });
  const voice = new Voice();
  let open: OperationFailed | null = null;
  for (;;) {
    const item = news.shift();
    if (item === undefined) {
      const done = () => open === null && voice.silent;
      if (done()) return voice.report();
      await condition(() => news.length > 0 || done());
    } else if ('failedAt' in item) {
      if (open !== null) continue;
      open = item;
      void voice.tell(failureText(item, await lastGood(item.kind)), [item.address]);
    } else if (open !== null) {
      void voice.tell(recoveryText(open, item), [open.address]);
      open = null;
    }
  }
}

/** The store may be what fails: then it is not known. */
async function lastGood(kind: OperationKind): Promise<string | null> {
  return activities.alertReads.lastSucceeded(kind).catch(() => null);
}
