/** What the log says about a request when it comes in. */
interface CallStart {
  /** The server's own name of the operation, such as `restore-pitr`; the name faults are switched on by. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** The request's body in short, without secrets; null when there was none. */
  readonly body: string | null;
  /** Whether the operation changes something. */
  readonly write: boolean;
}

/** One request as the server saw it. */
interface Call extends CallStart {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Whether the operation ran; false when a fault or the server itself refused it, so that nothing changed. */
  readonly ran: boolean;
  /** HTTP status of the answer; null when none was sent (yet). */
  readonly status: number | null;
}

interface MutableCall extends CallStart {
  readonly at: string;
  ran: boolean;
  status: number | null;
}

/**
 * Every request that reached a sandbox server, oldest first, so that a test can show that nothing was written, or
 * that a second restore was never asked for.
 */
export class CallLog {
  readonly #calls: MutableCall[] = [];

  /** Notes a request that came in; the returned functions complete its entry. */
  begin(call: CallStart): { ran(): void; answered(status: number): void } {
    const entry: MutableCall = { ...call, at: new Date().toISOString(), ran: false, status: null };
    this.#calls.push(entry);
    return {
      ran: () => {
        entry.ran = true;
      },
      answered: (status) => {
        entry.status = status;
      },
    };
  }

  /** All calls, or those of one operation. */
  all(operation?: string): readonly Call[] {
    return this.#calls
      .filter((call) => operation === undefined || call.operation === operation)
      .map((call) => ({ ...call }));
  }

  /** The calls whose operation changes something and ran. */
  writes(): readonly Call[] {
    return this.all().filter((call) => call.write && call.ran);
  }
}
