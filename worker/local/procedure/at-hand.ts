const ofTheWorker = "as the worker's configuration has it";

/** Variables that the commands take, with what they are. Secrets by name only. */
const variables: Readonly<Record<string, string>> = {
  DATABASE_URL: 'connection string of the database, as its owner',
  SUPABASE_ACCESS_TOKEN: 'token that may read, restrict and restore the project',
  SUPABASE_PROJECT_REF: '20 lower-case letters',
  SUPABASE_API_URL: `only where it is another one; ${ofTheWorker}`,
  RAILWAY_TOKEN: 'token of Railway',
  RAILWAY_TOKEN_KIND: 'project (else it is meant), or bearer',
  RAILWAY_PROJECT_ID: ofTheWorker,
  RAILWAY_ENVIRONMENT_ID: ofTheWorker,
  RAILWAY_SERVICE_ID: ofTheWorker,
  RAILWAY_API_URL: `only where it is another one; ${ofTheWorker}`,
  APPLICATION_HEALTH_URL: 'answers 200 when the application is healthy',
  SMTP_URL: 'mail server',
  MAIL_FROM: 'sender',
  BACKUP_PASSPHRASE: 'passphrase of the backups',
  BACKUP_PASSPHRASE_FILE: 'or the file that holds it',
  BACKUP_FOLDER: 'local folder of backups; backups, where it is not set',
  S3_ENDPOINT: `object store of the backups: ${ofTheWorker}`,
  S3_REGION: 'its region; us-east-1, where it is not set',
  S3_BUCKET: 'its bucket',
  S3_ACCESS_KEY_ID: 'its key',
  S3_SECRET_ACCESS_KEY: 'its secret; the second store the same with S3_SECOND_',
  STANDBY_DATABASE_URL: 'a server elsewhere',
  STANDBY_START_COMMAND: 'starts the application elsewhere',
  STANDBY_STOP_COMMAND: 'ends it again',
  STANDBY_HEALTH_URL: 'answers 200 when that application is healthy',
  SWITCH_OVER_COMMAND: 'directs users there, such as a change of DNS',
};

/** Programs that the commands need, each with what matters about it. */
const programs: Readonly<Record<string, string>> = {
  psql: 'psql',
  pg_dump: 'pg_dump, of no older version than the server',
  curl: 'curl 7.76 or newer',
  jq: 'jq 1.6 or newer',
  openssl: 'openssl',
  gunzip: 'gunzip',
  node: 'Node 20 or newer',
  npm: 'this project with `npm ci` done',
  git: 'git, and a clone of the application’s repository',
};

/**
 * Which variables and programs a paper needs.
 *
 * @param text everything that it says, since a variable may stand in how a step is undone
 * @param commands only what is given to a shell: in prose, such words mean other things
 */
export function atHand(
  text: string,
  commands: string,
): {
  readonly variables: readonly (readonly [name: string, meaning: string])[];
  readonly programs: readonly string[];
} {
  const names = (where: string, name: string) => new RegExp(`(?<!\\w)${name}(?!\\w)`).test(where);
  return {
    variables: Object.entries(variables).filter(([name]) => names(text, name)),
    programs: Object.entries(programs).flatMap(([name, program]) => (names(commands, name) ? [program] : [])),
  };
}
