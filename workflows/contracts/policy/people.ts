/** Somebody who may be asked for a decision. */
export interface Person {
  /** Login name, as given by `--as` or taken from the system. */
  readonly name: string;
  readonly email: string;
  readonly mayApprove: boolean;
}

/** Who may approve, and how long is waited for it. */
export interface ApprovalPolicy {
  /** Whether the person who started the run may not approve it, except by breaking the glass. */
  readonly secondPerson: boolean;
  /** Fraction of the scenario's RTO after which waiting people are reminded, and the wait escalated. */
  readonly remindAtRtoFraction: number;
  readonly escalateAtRtoFraction: number;
  /** How long a gate waits before the run goes to its safe state. */
  readonly expireMs: number;
}

/** Who is told by mail, and what users are told. */
export interface MailPolicy {
  readonly team: readonly string[];
  /** SQL returning one text column: the users' addresses, read from the restored database at sending time. */
  readonly userRecipients: string;
  /** Subject and body of the mail to users; `{{…}}` fields: recoveredTo, discardedFrom, discardedTo. */
  readonly userSubject: string;
  readonly userBody: string;
}
