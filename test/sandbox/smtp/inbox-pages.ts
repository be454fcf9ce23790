import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Inbox } from './inbox.ts';

const style = html`<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 50rem; padding: 0 1rem }
  li { margin: .5rem 0 } time, small { color: #666 } pre { white-space: pre-wrap; background: #f4f4f4; padding: 1rem }
  iframe { width: 100%; height: 40rem; border: 1px solid #ccc }
</style>`;

/**
 * The inbox for a person (`/` and `/mail/<id>`) and for a program (`/messages` and `/messages/<id>`, JSON). What a mail
 * brings is escaped; its HTML is shown in a frame that can neither run scripts nor load anything.
 */
export function inboxPages(inbox: Inbox): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    context.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    context.header('X-Content-Type-Options', 'nosniff');
  });

  app.get('/messages', (context) => context.json(inbox.list()));

  app.get('/messages/:id', (context) => {
    const mail = inbox.find(Number(context.req.param('id')));
    return mail === undefined ? context.json({ error: 'No such mail.' }, 404) : context.json(mail);
  });

  app.get('/', (context) => {
    const newestFirst = [...inbox.list()].reverse();
    return context.html(html`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
      <meta http-equiv="refresh" content="5"><title>Inbox (${newestFirst.length})</title>${style}
      <h1>Inbox</h1>
      ${newestFirst.length === 0 ? html`<p>No mail yet. This page looks again every 5 seconds.</p>` : ''}
      <ul>${newestFirst.map(
        (mail) => html`<li><a href="/mail/${mail.id}">${mail.subject || '(no subject)'}</a><br>
          <small>to ${mail.to.join(', ')}, <time>${mail.receivedAt}</time></small></li>`,
      )}</ul></html>`);
  });

  app.get('/mail/:id', (context) => {
    const mail = inbox.find(Number(context.req.param('id')));
    if (mail === undefined)
      return context.html(html`<!doctype html><p>No such mail. <a href="/">Inbox</a></p>`, 404);
    return context.html(html`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
      <title>${mail.subject}</title>${style}
      <p><a href="/">Inbox</a></p><h1>${mail.subject}</h1>
      <p><small>from ${mail.from} to ${mail.to.join(', ')}, <time>${mail.receivedAt}</time><br>${mail.messageId}</small></p>
      <pre>${mail.text}</pre>
      ${mail.html === '' ? '' : html`<iframe sandbox="" title="The mail as HTML" srcdoc="${mail.html}"></iframe>`}
      </html>`);
  });

  return app;
}
