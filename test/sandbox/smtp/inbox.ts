/** A mail as it arrived. */
export interface InboxMail {
  /** Position in the inbox, from 1. */
  readonly id: number;
  /** RFC 3339, UTC. */
  readonly receivedAt: string;
  /** The envelope's addresses: what the server was told, whatever the headers say. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  /** As sent; hostile until proved otherwise. */
  readonly html: string;
}

/** Keeps mail in memory, oldest first, and tells who waits for one. */
export class Inbox {
  readonly #mails: InboxMail[] = [];
  readonly #watchers = new Set<(mail: InboxMail) => void>();

  /** Adds a mail under the next id. */
  add(mail: Omit<InboxMail, 'id'>): void {
    const stored = { ...mail, id: this.#mails.length + 1 };
    this.#mails.push(stored);
    for (const watch of this.#watchers) watch(stored);
  }

  /** All mail, oldest first. */
  list(): readonly InboxMail[] {
    return [...this.#mails];
  }

  /** One mail, or undefined when there is none of that id. */
  find(id: number): InboxMail | undefined {
    return this.#mails[id - 1];
  }

  /**
   * Resolves with the first mail that fits, also one that arrived before.
   *
   * @param timeoutMs after how many ms it gives up with an Error that lists the subjects there are
   */
  waitFor(fits: (mail: InboxMail) => boolean, timeoutMs: number): Promise<InboxMail> {
    const there = this.#mails.find(fits);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const watch = (mail: InboxMail) => {
        if (!fits(mail)) return;
        clearTimeout(timer);
        this.#watchers.delete(watch);
        resolve(mail);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(watch);
        const subjects = this.#mails.map((mail) => JSON.stringify(mail.subject)).join(', ');
        reject(new Error(`No such mail within ${timeoutMs} ms. The inbox holds: ${subjects || 'nothing'}.`));
      }, timeoutMs);
      this.#watchers.add(watch);
    });
  }
}
