import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { AlertReport } from '../contracts/alerts.ts';
import { activities } from '../runbook/activities.ts';
import { type AlertMessage, AlertRoad } from './alert-road.ts';
import type { AlertText } from './alert-text.ts';

/** Tells people on both roads, mail and webhook, and keeps what became of it. Neither waits for the other. */
export class Voice {
  readonly told: AlertReport['told'][number][] = [];
  private count = 0;
  private readonly mail = new AlertRoad(sendMail);
  private readonly webhook = new AlertRoad(post);

  /** Whether nothing is on its way any more. */
  get silent(): boolean {
    return this.mail.idle && this.webhook.idle;
  }

  /** Sends a message on its way; resolves when each road has taken it or given it up. */
  async tell(text: AlertText, recipients: readonly string[]): Promise<void> {
    const { workflowId, runId } = workflowInfo();
    this.count += 1;
    const message = { ...text, recipients, dedupeKey: `${workflowId}/${runId}/${this.count}` };
    const [mailedAt, postedAt] = await Promise.all([this.mail.tell(message), this.webhook.tell(message)]);
    this.told.push({ subject: text.subject, mailedAt, postedAt });
  }

  /**
   * What was told when.
   *
   * @throws ApplicationFailure of type `alert-not-delivered` when something could be told on no road
   */
  report(): AlertReport {
    const report = { told: this.told };
    const lost = report.told.filter(({ mailedAt, postedAt }) => mailedAt === null && postedAt === null);
    if (lost.length === 0) return report;
    throw ApplicationFailure.create({
      type: 'alert-not-delivered',
      message: `Neither the mail server nor the webhook took: ${lost.map(({ subject }) => subject).join(', ')}.`,
      nonRetryable: true,
      details: [report],
    });
  }
}

async function sendMail({ subject, lines, recipients, dedupeKey }: AlertMessage): Promise<boolean> {
  const mail = { recipients, subject, lines, dedupeKey };
  const { sent, reason } = await activities.alertMail.mailTeam(mail);
  // A server that answers, and takes it for nobody, has not taken it.
  if (sent === 0) throw ApplicationFailure.nonRetryable(`Nobody was reached: ${reason}`, 'mail-refused');
  return true;
}

async function post({ subject, lines }: AlertMessage): Promise<boolean> {
  const { posted } = await activities.webhook.postWebhook({ text: [subject, ...lines].join('\n') });
  return posted;
}
