const quoted = `'(?:\\\\'|[^'])*'|"(?:\\\\"|[^"])*"|\`(?:\\\\\`|[^\`])*\``;
const assignment = new RegExp(
  `^[ \\t]*(?:export[ \\t]+)?[A-Za-z_][\\w.-]*[ \\t]*=[ \\t]*(?:(?:${quoted})[ \\t]*(?:#.*)?|[^\\r\\n]*)$`,
  'gm',
);
const blankOrComment = /^\s*(#.*)?$/;
const controlCharacter = /[^\P{Cc}\t\r\n]/u;

/**
 * Whether bytes read like a file of environment variables: UTF-8, assignments and comments and nothing else. What a wrong
 * passphrase or an altered block gives does not.
 */
export function looksLikeEnvironmentFile(bytes: Buffer): boolean {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return false;
  }
  if (controlCharacter.test(text) || text.match(assignment) === null) return false;
  return text
    .replace(assignment, '')
    .split(/\r?\n/)
    .every((line) => blankOrComment.test(line));
}
