/** A restore was asked for that cannot be done; nothing was touched. */
export class RestoreTargetRefused extends Error {
  override readonly name = 'RestoreTargetRefused';
}

/** The cluster is not in a state in which this can be done; nothing was touched. */
export class ClusterBusy extends Error {
  override readonly name = 'ClusterBusy';
}

/** PostgreSQL or one of its programs failed; the message ends with the last lines of its log. */
export class PostgresFailed extends Error {
  override readonly name = 'PostgresFailed';
}
