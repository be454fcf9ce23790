import type { PowerDependencies } from './dependencies.ts';
import { pausePlatform } from './pause-platform.ts';
import { unpausePlatform } from './unpause-platform.ts';

/** Stopping and starting the host of the database; each is described where it is written. */
export interface PowerActivities {
  pausePlatform(): Promise<{ readonly pausedAt: string }>;
  unpausePlatform(): Promise<{ readonly upAt: string }>;
}

/** Makes the activities of the platform's power. */
export function createPowerActivities(dependencies: PowerDependencies): PowerActivities {
  return {
    pausePlatform: () => pausePlatform(dependencies),
    unpausePlatform: () => unpausePlatform(dependencies),
  };
}
