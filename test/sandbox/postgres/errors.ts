export { PostgresFailed } from '../../../activities/adapters/scratch-postgres/postgres-failed.ts';

/** A restore was asked for that cannot be done; nothing was touched. */
export class RestoreTargetRefused extends Error {
  override readonly name = 'RestoreTargetRefused';
}

/** The cluster is not in a state in which this can be done; nothing was touched. */
export class ClusterBusy extends Error {
  override readonly name = 'ClusterBusy';
}
