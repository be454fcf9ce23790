export { parseOperationRecord } from '../../activities/alerting/schemas.ts';
