import type { RecoveryMarker } from './marker.ts';

/** How one part of production stands. */
export interface PartAssessment {
  readonly usable: boolean;
  /** One sentence. */
  readonly found: string;
}

/** How the providers and the application stand. */
export interface ProviderAssessment {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly database: PartAssessment;
  readonly application: PartAssessment;
  readonly health: PartAssessment;
  /** The recovery marker that was kept outside the database last; null where none is known, absent in old runs. */
  readonly lastMarker?: RecoveryMarker | null;
}

/**
 * Which backup production is to be rebuilt from, where the newest one is not wanted: one by its name, or the newest that
 * shows a moment not later than this (RFC 3339), since later ones hold the damage.
 */
export type StandbyBackupRequest =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'not-after'; readonly moment: string };

/** The backup that production is rebuilt from. */
export interface StandbySource {
  readonly location: string;
  readonly key: string;
  /** RFC 3339, UTC: the moment that it shows. */
  readonly snapshotAt: string;
  readonly bytes: number;
  /** Why other locations, or newer backups, were not taken. */
  readonly passedOver: readonly string[];
}

/** The variables of the standby application, written where its start command finds them. */
export interface StandbyVariables {
  /** Key of the configuration backup that they come from. */
  readonly configuration: string;
  readonly location: string;
  /** Names only. */
  readonly names: readonly string[];
  /** Names that were replaced: the standby database, and secrets that were exchanged since. */
  readonly replaced: readonly string[];
  /** Names that were left out: what they hold was stolen or exchanged, and nothing here has the one of now. */
  readonly leftOut: readonly string[];
  /** Why they were not held against exchanged secrets; null where they were. */
  readonly notCompared: string | null;
}
