import type { MonitorCarried } from '../../contracts/monitor.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { AlertText } from '../alert-text.ts';
import { startPage } from '../page.ts';

/** What the monitor carries from run to run, to be read and changed. */
export interface Notebook {
  readonly environment: string;
  carried: MonitorCarried;
}

/** Tells everybody whom the policy names, by mail and by webhook, and waits for neither. */
export class Pager {
  private readonly book: Notebook;
  private readonly policy: Policy;

  constructor(book: Notebook, policy: Policy) {
    this.book = book;
    this.policy = policy;
  }

  /** Sends one message on its way. */
  async page(text: AlertText): Promise<void> {
    const { environment, carried } = this.book;
    const { people, mail } = this.policy;
    const pages = carried.pages + 1;
    this.book.carried = { ...carried, pages };
    const recipients = [...new Set([...people.map(({ email }) => email), ...mail.team])];
    const at = new Date().toISOString().replace(/[:.]/g, '-');
    await startPage(environment, `page-${environment}-${at}-${pages}`, { ...text, recipients });
  }
}
