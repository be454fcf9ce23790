import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../../../activities/adapters/postgres/index.ts';
import { createSmtpMailer, type SmtpMailer } from '../../../activities/adapters/smtp/index.ts';
import {
  createNotificationActivities,
  type NotificationActivities,
  type NotificationDependencies,
} from '../../../activities/notification/index.ts';
import { startTestCluster } from '../../sandbox/postgres/test-cluster.ts';
import { type SandboxSmtp, startSandboxSmtp } from '../../sandbox/smtp/index.ts';
import { failureOf } from '../failure-of.ts';
import { activityEnvironment, inActivity } from '../in-activity.ts';

/** As the environment of the tests has it. */
const approvedInRun = '00000000-0000-0000-0000-000000000000';
const recipientsSql = 'SELECT email FROM users ORDER BY id';

describe('mail', () => {
  let cluster: Awaited<ReturnType<typeof startTestCluster>>['cluster'];
  let client: Client;
  let server: SandboxSmtp;
  let mailer: SmtpMailer;
  let notification: NotificationActivities;
  let rest: Omit<NotificationDependencies, 'mailer'>;

  beforeAll(async () => {
    ({ cluster } = await startTestCluster());
    server = await startSandboxSmtp();
    mailer = createSmtpMailer({ url: server.url, from: 'VendHub recovery <dr@vendhub.test>' });
    const connectionString = cluster.connectionString(cluster.superuser, 'postgres');
    client = new Client({ connectionString });
    await client.connect();
    await client.query('CREATE TABLE users (id serial PRIMARY KEY, email text)');
    rest = { database: createPostgresDatabase({ connectionString }), messageIdDomain: 'vendhub.test' };
    notification = createNotificationActivities({ ...rest, mailer });
  });
  afterAll(async () => {
    mailer.close();
    await server.stop();
    await client.end();
    await cluster.dispose();
  });

  const mailsWith = (subject: string) => server.messages().filter((mail) => mail.subject === subject);
  const addressesWith = (subject: string) =>
    mailsWith(subject)
      .map(({ to }) => to.join())
      .sort();

  /** Runs an activity as Temporal would: each try begins with what the one before last told in a heartbeat. */
  const tries = () => {
    let heartbeatDetails: unknown;
    return {
      told: () => heartbeatDetails,
      next<T>(work: () => Promise<T>): Promise<T> {
        const environment = activityEnvironment({ heartbeatDetails });
        environment.on('heartbeat', (details) => {
          heartbeatDetails = details;
        });
        return inActivity(environment, work);
      },
    };
  };

  const users = async (...emails: (string | null)[]) => {
    await client.query('TRUNCATE users');
    for (const email of emails) await client.query('INSERT INTO users (email) VALUES ($1)', [email]);
  };

  describe('to the team', () => {
    const mail = (subject: string, recipients: readonly string[]) => ({
      recipients,
      subject,
      lines: ['Is <b>this</b> & that right?', 'npx dr approve --environment production'],
      dedupeKey: 'run-1/3',
    });

    it('reaches each once, as text and as HTML in which nothing is taken for a tag', async () => {
      const recipients = ['ada@vendhub.test', 'bob@vendhub.test', 'ADA@vendhub.test'];
      const outcome = await tries().next(() => notification.mailTeam(mail('One each', recipients)));
      expect(outcome).toEqual({ sent: 2, failed: 0, reason: null });
      expect(addressesWith('One each')).toEqual(['ada@vendhub.test', 'bob@vendhub.test']);
      const [arrived] = mailsWith('One each');
      expect(arrived?.text).toBe('Is <b>this</b> & that right?\n\nnpx dr approve --environment production\n');
      expect(arrived?.html).toContain('Is &lt;b&gt;this&lt;/b&gt; &amp; that right?');
      expect(arrived?.html).toMatch(/<pre [^>]*>npx dr approve --environment production<\/pre>/);
      expect(arrived?.html).toContain('width=device-width');
    });

    it('carries the same Message-ID when it is sent again, and another for another person or mail', async () => {
      const send = (dedupeKey: string, recipients: readonly string[]) =>
        tries().next(() => notification.mailTeam({ ...mail('Ids', recipients), dedupeKey }));
      await send('a', ['ada@vendhub.test', 'bob@vendhub.test']);
      await send('a', ['ada@vendhub.test']);
      await send('b', ['ada@vendhub.test']);
      const ids = mailsWith('Ids').map(({ to, messageId }) => `${to.join()} ${messageId}`);
      expect(ids).toHaveLength(4);
      expect(new Set(ids).size).toBe(3);
    });

    it('reaches the others where one is refused for good, and says how many were', async () => {
      server.refuseAddress('gone@vendhub.test');
      const recipients = [
        'gone@vendhub.test',
        'not an address',
        'bob@vendhub.test',
        'eve@x.test\nBcc: z@x.test',
      ];
      const outcome = await tries().next(() => notification.mailTeam(mail('Others', recipients)));
      expect(outcome).toEqual({
        sent: 1,
        failed: 3,
        reason: '1 refused by the mail server, 2 without a usable address',
      });
      expect(addressesWith('Others')).toEqual(['bob@vendhub.test']);
    });

    it('is tried again for those alone whom the server could not serve yet', async () => {
      const recipients = ['ada@vendhub.test', 'bob@vendhub.test', 'cyd@vendhub.test'];
      const { next } = tries();
      server.refuseNext(1, 450);
      const failure = await failureOf(next(() => notification.mailTeam(mail('Again', recipients))));
      expect(failure).toMatchObject({ type: 'mail-unavailable', retried: true });
      expect(addressesWith('Again')).toHaveLength(2);
      await server.setDown(true);
      await failureOf(next(() => notification.mailTeam(mail('Again', recipients))));
      await server.setDown(false);
      const outcome = await next(() => notification.mailTeam(mail('Again', recipients)));
      expect(outcome).toEqual({ sent: 3, failed: 0, reason: null });
      expect(addressesWith('Again')).toEqual(recipients);
    });

    it('fails as a whole, and is no refusal of each address, where the password is wrong', async () => {
      const url = new URL(server.url);
      url.password = 'wrong';
      const stranger = createSmtpMailer({ url: url.href, from: 'dr@vendhub.test' });
      const { mailTeam } = createNotificationActivities({ ...rest, mailer: stranger });
      const failure = await failureOf(tries().next(() => mailTeam(mail('Nobody', ['ada@vendhub.test']))));
      expect(failure.type).toBe('configuration-invalid');
      stranger.close();
    });

    it('has a subject of one line whatever a person wrote into it', async () => {
      const outcome = await tries().next(() =>
        notification.mailTeam(mail('Crash\r\nBcc: eve@evil.test', ['ada@vendhub.test'])),
      );
      expect(outcome.sent).toBe(1);
      expect(addressesWith('Crash Bcc: eve@evil.test')).toEqual(['ada@vendhub.test']);
    });
  });

  describe('to the users', () => {
    const template = {
      subject: 'Your purchases of {{ day }}',
      body: 'We went back to {{day}}.\n\nCosts: {{cost}}',
      fields: { day: '2025-11-29', cost: '$1 & {{day}}' },
      recipientsSql,
    };

    it('is drafted with its fields filled in and its readers counted, not named', async () => {
      await users('u1@users.test', 'U1@users.test', null, 'nonsense', 'u2@users.test');
      const draft = await notification.draftUserMail(template);
      expect(draft).toEqual({
        subject: 'Your purchases of 2025-11-29',
        body: 'We went back to 2025-11-29.\n\nCosts: $1 & {{day}}',
        recipients: 2,
        recipientSource: recipientsSql,
      });
      expect(server.messages().filter(({ subject }) => subject.startsWith('Your purchases'))).toEqual([]);
    });

    it.each([
      ['a field without a value', { body: '{{unknown}}' }],
      ['a field named as what every object has', { body: '{{constructor}}' }],
      ['a subject of two lines', { fields: { day: 'a\nb', cost: '' } }],
    ])('is not drafted with %s', async (_what, wrong) => {
      expect((await failureOf(notification.draftUserMail({ ...template, ...wrong }))).type).toBe(
        'input-invalid',
      );
    });

    it('can change nothing by its query for the recipients', async () => {
      await users('u1@users.test');
      const destructive = { ...template, recipientsSql: 'DELETE FROM users RETURNING email' };
      expect((await failureOf(notification.draftUserMail(destructive))).type).toBe('database-query-failed');
      expect((await client.query('SELECT FROM users')).rowCount).toBe(1);
    });

    it('goes to each once over several tries, and names nobody in result, heartbeat or error', async () => {
      const everybody = Array.from({ length: 12 }, (_, index) => `user${index}@users.test`).sort();
      await users(...everybody, 'gone@vendhub.test');
      server.refuseAddress('gone@vendhub.test');
      const draft = { ...(await notification.draftUserMail(template)), subject: 'Several tries' };
      const send = () =>
        notification.mailUsers({ draft, recipientsSql, dedupeKey: 'run-1/9', approvedInRun });
      const { next, told } = tries();
      server.refuseNext(2, 450);
      const first = await failureOf(next(send));
      expect(first.type).toBe('mail-unavailable');
      expect(mailsWith('Several tries').length).toBeGreaterThanOrEqual(10);
      const second = await next(send);
      expect(second).toEqual({ sent: 12, failed: 1, reason: '1 refused by the mail server' });
      expect(addressesWith('Several tries')).toEqual(everybody);
      for (const shown of [first.message, JSON.stringify(told()), JSON.stringify(second)]) {
        expect(shown).not.toMatch(/@/);
      }
    });

    it('is not sent on an approval that was given to a run before a reset', async () => {
      await users('u2@users.test');
      const draft = { ...(await notification.draftUserMail(template)), subject: 'Reset' };
      const input = { draft, recipientsSql, dedupeKey: 'run-1/11', approvedInRun: 'the run before' };
      const failure = await failureOf(tries().next(() => notification.mailUsers(input)));
      expect(failure.type).toBe('mail-refused');
      expect(mailsWith('Reset')).toEqual([]);
    });

    it('stops trying a server that is away, and goes on where it was when it is back', async () => {
      const everybody = Array.from({ length: 9 }, (_, index) => `late${index}@users.test`);
      await users(...everybody);
      const draft = { ...(await notification.draftUserMail(template)), subject: 'Away' };
      const send = () =>
        notification.mailUsers({ draft, recipientsSql, dedupeKey: 'run-1/10', approvedInRun });
      const { next, told } = tries();
      await server.setDown(true);
      expect((await failureOf(next(send))).explanation.happened).toContain('9 of 9');
      expect(told()).toMatchObject({ sent: 0, deferred: { length: 5 } });
      await server.setDown(false);
      expect(await next(send)).toEqual({ sent: 9, failed: 0, reason: null });
      expect(addressesWith('Away')).toEqual(everybody);
    });
  });
});
