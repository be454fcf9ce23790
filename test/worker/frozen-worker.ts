import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createSmtpMailer } from '../../activities/adapters/smtp/index.ts';
import { ActivityInterceptor } from '../../worker/activity-interceptor.ts';
import { guardMailer } from '../../worker/guarded-ports.ts';
import { inActivity } from '../activities/in-activity.ts';

const [url = '', heartbeatTimeoutMs] = process.argv.slice(2);
const smtp = createSmtpMailer({ url, from: 'dr@vendhub.test' });
const mailer = guardMailer(smtp);
const attempt = new MockActivityEnvironment(
  { heartbeatTimeoutMs: Number(heartbeatTimeoutMs) },
  {
    logger: new DefaultLogger('ERROR'),
    interceptors: [(context) => ({ inbound: new ActivityInterceptor(context, []) })],
  },
);

/** Sends a mail whenever a line names its subject, and says what became of it; all in one attempt. */
await inActivity(attempt, async () => {
  process.stdout.write('ready\n');
  for await (const line of process.stdin) {
    const subject = String(line).trim();
    const outcome = await mailer.send({ to: 'ada@vendhub.test', subject, text: subject }).then(
      () => 'sent',
      (error: unknown) => (error instanceof Error && 'type' in error ? String(error.type) : String(error)),
    );
    process.stdout.write(`${outcome}\n`);
  }
});
smtp.close();
