export { startStandbyApplication, watchStandbyHealth } from './application.ts';
export { proveStandbyCredentials, rotateStandbyByHand, rotateStandbyCredentials } from './credentials.ts';
export { rebuildDatabase, verifyStandby } from './database.ts';
export {
  fenceOldDatabase,
  keepOldProductionStopped,
  pauseOldDeployments,
  stopOldApplication,
} from './old-production.ts';
export { assessProviders, chooseStandbySource } from './source.ts';
export { switchOver } from './switch-over.ts';
export { tellTeamOfRebuild } from './tell-team.ts';
export { restoreUploads } from './uploads.ts';
