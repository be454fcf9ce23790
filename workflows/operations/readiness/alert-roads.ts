import type { MailOutcome } from '../../contracts/evidence.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { DoctorInput, ReadinessAnswer } from '../../contracts/readiness.ts';
import { activities } from '../../runbook/activities.ts';
import { utc } from '../../runbook/format.ts';
import { allOf } from './evidence.ts';
import { attention, dr, type Examination, failed, judged, judgedReachable, ok } from './examination.ts';
import { type Fact, known } from './facts.ts';

/** What became of a test alert on each road. */
export interface TestAlert {
  readonly mail: Fact<MailOutcome>;
  readonly webhook: Fact<{ readonly detail: string }>;
}

/**
 * Really sends an alert, marked as a test, by mail and by webhook.
 *
 * @param runId names the mail, so that a reader's program can tell a double
 */
export async function sendTestAlert(
  { environment, startedBy }: DoctorInput,
  policy: Policy,
  runId: string,
): Promise<TestAlert> {
  const { alertAddress, alertSubject } = policy.backups;
  const subject = `TEST: ${alertSubject}`;
  const lines = [
    `This is a test that ${startedBy} asked for in ${environment} at ${utc(`${new Date().toISOString().slice(0, 19)}Z`)}. Nothing failed.`,
    'An alert of a failed backup comes to this address.',
  ];
  const dedupeKey = `test-alert/${runId}`;
  const [mail, webhook] = await Promise.all([
    known(activities.probes.mailTeam({ recipients: [alertAddress], subject, lines, dedupeKey })),
    known(activities.probes.postWebhook({ text: [subject, ...lines].join('\n') })),
  ]);
  return { mail, webhook };
}

/** Judges both roads of an alert: by logging in, and by what became of a test alert where one was asked for. */
export function alertRoads({ facts, policy, testAlert, environment }: Examination): ReadinessAnswer {
  const { alertAddress } = policy.backups;
  const mail = judgedReachable(facts.mailServer, () =>
    ok(`the mail server takes the login; alerts go to ${alertAddress}`),
  );
  const webhook = judged(facts.hasWebhook, (configured) =>
    configured
      ? ok('a webhook is the second road')
      : attention(
          'no webhook: mail is the only road',
          'Set ALERT_WEBHOOK_URL, so that an alert gets through without mail.',
        ),
  );
  if (testAlert === null) {
    return allOf(
      mail,
      webhook,
      ok(`nothing was sent; ${dr({ environment }, 'doctor --send-test-alert')} does`),
    );
  }
  return allOf(
    mail,
    webhook,
    judgedReachable(testAlert.mail, ({ sent, reason }) =>
      sent > 0
        ? ok(`the mail server took a test mail: see that it has arrived at ${alertAddress}`)
        : failed(
            `the mail server refused a test mail to ${alertAddress}: ${reason}`,
            'Correct backups.alertAddress in the policy, or MAIL_FROM.',
          ),
    ),
    judgedReachable(testAlert.webhook, ({ detail }) => ok(`test message to the webhook: ${detail}`)),
  );
}
