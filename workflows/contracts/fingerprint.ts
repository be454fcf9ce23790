/** What a drill proves something about: when one of these changes, it is not proved any more. */
export const fingerprintSubjects = ['code', 'policy', 'schema', 'provider'] as const;

/** One of {@link fingerprintSubjects}. */
export type FingerprintSubject = (typeof fingerprintSubjects)[number];

/** Lower-case hex SHA-256 of each part of a subject, by the part's name. */
export type FingerprintParts = Readonly<Record<string, string>>;

/** How code, policy, schema and provider configuration stand, as hashes: what is in them cannot be read from it. */
export type Fingerprint = Readonly<Record<FingerprintSubject, FingerprintParts>>;

/** Parts that differ from one environment to the next by their nature: they name the place, and not how it is set up. */
export const ownParts = ['project', 'application', 'network restrictions'] as const;
