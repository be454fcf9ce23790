/** A place of uploaded files; addresses and credentials come from the configuration. */
export type UploadsPlace =
  | { readonly kind: 'bucket'; readonly store: string; readonly bucket: string }
  /** Below the root of the backups. */
  | { readonly kind: 'folder'; readonly folder: string };

/** Which files are copied where. */
export interface UploadsPolicy {
  readonly from: UploadsPlace;
  readonly to: UploadsPlace;
  /** Places by the names that `dr uploads sync --from --to` takes. */
  readonly places: Readonly<Record<string, UploadsPlace>>;
}

/** What complete failure needs beside the standby environment of the worker’s configuration. */
export interface StandbyPolicy {
  /** From where to where uploaded files are brought back; null where the application goes on reading them elsewhere. */
  readonly uploads: { readonly from: UploadsPlace; readonly to: UploadsPlace } | null;
}
