import { ApplicationFailure, condition, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  type AlertReport,
  failedSignal,
  type OperationFailed,
  type OperationRecovered,
  recoveredSignal,
} from '../contracts/alerts.ts';
import type { OperationKind } from '../contracts/operations.ts';
import { activities } from '../runbook/activities.ts';
import { type AlertMessage, AlertRoad } from './alert-road.ts';
import { type AlertText, failureText, recoveryText } from './alert-text.ts';

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
  setHandler(failedSignal, (failed) => void news.push(failed));
  setHandler(recoveredSignal, (recovered) => void news.push(recovered));
  const voice = new Voice();
  let open: OperationFailed | null = null;
  for (;;) {
    const item = news.shift();
    if (item === undefined) {
      const done = () => open === null && voice.silent;
      if (done()) return requireDelivered({ told: voice.told });
      await condition(() => news.length > 0 || done());
    } else if ('failedAt' in item) {
      if (open !== null) continue;
      open = item;
      voice.tell(failureText(item, await lastGood(item.kind)), item.address);
    } else if (open !== null) {
      voice.tell(recoveryText(open, item), open.address);
      open = null;
    }
  }
}

/** Both roads, and what became of what was sent on them. */
class Voice {
  readonly told: AlertReport['told'][number][] = [];
  private count = 0;
  private readonly mail = new AlertRoad(sendMail);
  private readonly webhook = new AlertRoad(post);

  get silent(): boolean {
    return this.mail.idle && this.webhook.idle;
  }

  tell(text: AlertText, address: string): void {
    const { workflowId, runId } = workflowInfo();
    this.count += 1;
    const message = { ...text, address, dedupeKey: `${workflowId}/${runId}/${this.count}` };
    void Promise.all([this.mail.tell(message), this.webhook.tell(message)]).then(([mailedAt, postedAt]) =>
      this.told.push({ subject: text.subject, mailedAt, postedAt }),
    );
  }
}

async function sendMail({ subject, lines, address, dedupeKey }: AlertMessage): Promise<boolean> {
  const mail = { recipients: [address], subject, lines, dedupeKey };
  const { sent, reason } = await activities.alertMail.mailTeam(mail);
  // A server that answers, and takes it for nobody, has not taken it.
  if (sent === 0) throw ApplicationFailure.nonRetryable(`Nobody was reached: ${reason}`, 'mail-refused');
  return true;
}

async function post({ subject, lines }: AlertMessage): Promise<boolean> {
  const { posted } = await activities.webhook.postWebhook({ text: [subject, ...lines].join('\n') });
  return posted;
}

/** The store may be what fails: then it is not known. */
async function lastGood(kind: OperationKind): Promise<string | null> {
  return activities.alertReads.lastSucceeded(kind).catch(() => null);
}

function requireDelivered(report: AlertReport): AlertReport {
  const lost = report.told.filter(({ mailedAt, postedAt }) => mailedAt === null && postedAt === null);
  if (lost.length === 0) return report;
  throw ApplicationFailure.create({
    type: 'alert-not-delivered',
    message: `Neither the mail server nor the webhook took: ${lost.map(({ subject }) => subject).join(', ')}.`,
    nonRetryable: true,
    details: [report],
  });
}
