const patterns: readonly RegExp[] = [
  // A connection string or any other URL with a user in it.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@"']*@[^\s"']*/gi,
  /\bpostgres(?:ql)?:\/\/[^\s"']+/gi,
  /-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /\b(?:sbp|sb_secret|sb_publishable|sk|pk|rk|ghp|gho|xox[abp])[_-][\w-]{8,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bBearer\s+\S+/gi,
];

const assignment =
  /(["']?[\w.-]*(?:password|passwd|pwd|secret|token|api[_-]?key|private[_-]?key|credential|database_url|dsn)[\w.-]*["']?\s*[=:]\s*)("[^"]*"|'[^']*'|\S+)/gi;

/**
 * Takes out of a text what looks like a secret: connection strings, keys, tokens, and values of variables whose names
 * say so. It may take out too much, and it does not replace care about what is logged.
 */
export function scrubSecrets(text: string): string {
  const withoutTokens = patterns.reduce((rest, pattern) => rest.replace(pattern, '[removed]'), text);
  return withoutTokens.replace(assignment, '$1[removed]');
}
