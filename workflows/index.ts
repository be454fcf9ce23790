export { plan } from './operations/plan.ts';
export { dataLoss } from './scenarios/data-loss.ts';
