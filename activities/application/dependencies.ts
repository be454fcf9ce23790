import type { ApplicationPlatform, ApplicationProbe } from '../ports.ts';

/** What the application activities need of the outside world. */
export interface ApplicationDependencies {
  readonly platform: ApplicationPlatform;
  readonly probe: ApplicationProbe;
  /** Between two looks at the platform while waiting for an effect, in ms. */
  readonly pollEveryMs: number;
}
