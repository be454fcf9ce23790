/** Names of the checks of a validation that somebody else looks for: the checklist, and what the command says. */
export const checkNames = {
  ownPresent: 'own export present',
  ownDecryptable: 'checksum right and decryptable',
  ownChecksum: 'checksum right',
  ownFresh: 'own export fresh',
  ownSize: 'own export of reasonable size',
  ownHistory: 'own history of daily backups',
  ownHistoryComplete: 'own history complete',
  ownOlder: 'older exports whole',
  secondCopy: 'second copy equal',
  freeSpace: 'free space',
  providerWindow: 'provider: restore window reaches back',
  providerPoint: 'provider: newest recovery point',
  providerDaily: 'provider: newest daily backup',
  providerSchedule: 'provider: schedule of the daily backup',
  providerHistory: 'provider: history',
  providerObjective: 'provider: recovery point objective',
  database: 'database answers',
  exposure: 'most that complete failure can lose',
} as const;

/** A name out of {@link checkNames}. */
export type CheckName = (typeof checkNames)[keyof typeof checkNames];

/** The name of a check that is made at each location. */
export function checkAt(name: CheckName, location: string): string {
  return `${name} (${location})`;
}

/** Whether a check is one of these, at whatever location. */
export function isCheck(check: { readonly name: string }, ...names: readonly CheckName[]): boolean {
  return names.some((name) => check.name === name || check.name.startsWith(`${name} (`));
}
