/** Where Railway's API is, how to get in, and which service is meant. */
export interface RailwayAccess {
  /** `https://backboard.railway.com/graphql/v2`, or a sandbox's address. */
  readonly endpoint: string;
  /** A secret. `project` tokens belong to one environment, `bearer` tokens to an account or a workspace. */
  readonly token: { readonly kind: 'bearer' | 'project'; readonly value: string };
  readonly projectId: string;
  readonly environmentId: string;
  readonly serviceId: string;
  /** How long one request may take, in ms, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
}
