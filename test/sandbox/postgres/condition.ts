export { until } from '../../../activities/adapters/scratch-postgres/until.ts';
