import type { IndicatorFinding } from './security.ts';

/** A backup that was restored into a scratch server and looked through. */
export interface ExaminedBackup {
  readonly key: string;
  readonly location: string;
  /** RFC 3339, UTC: the moment that it shows. */
  readonly snapshotAt: string;
  readonly findings: readonly IndicatorFinding[];
}

/** Between which backups the first traces of a misuse came. */
export interface CleanPoint {
  /** The last without traces; null when every one has some. */
  readonly clean: ExaminedBackup | null;
  /** The first with traces; null when none has. */
  readonly firstTraced: ExaminedBackup | null;
  readonly examined: number;
  /** How many backups there are. */
  readonly available: number;
}
