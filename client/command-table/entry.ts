import type { DrCommand } from '../command.ts';

/** A command's line in the help, and how to load the rest of it. */
interface CommandEntry {
  /** Its name and the words that it takes, as commander reads them. */
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<DrCommand>;
  /** Commands below it, by the word that follows. */
  readonly below?: CommandTable;
  /** Whether it takes a word of its own beside those commands. */
  readonly takesWord?: true;
}

/** Commands by their name, in the order of the help. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;
