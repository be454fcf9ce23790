export type { ConnectionUser } from './connection-url.ts';
export { connectionUrlFor } from './connection-url.ts';
export { applicationCidr, applicationLocalAddress } from './local-address.ts';
export {
  type ProvisionedVendHub,
  provisionVendHub,
  type VendHubProvisioning,
  vendHubDatabase,
} from './provision.ts';
export { seeded, uploadsBucket } from './seed.ts';
export { type AcknowledgedSale, startTraffic, type Traffic, type TrafficTotals } from './traffic.ts';
