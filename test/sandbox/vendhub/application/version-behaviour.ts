import type { Log } from './log.ts';

/** What a version does besides its work. */
export interface VersionBehaviour {
  readonly version: string;
  /** Called before the application listens. */
  readonly beforeStart: () => void;
  /** Called before each request of the JSON API; `fails` when it is to be answered with an error. */
  readonly beforeRequest: () => 'serves' | 'fails';
}

const defaultRequestsUntilCrash = 10;

/**
 * Versions fail on demand, by their name. How: `crash` logs a line and exits, `throws` throws where nobody catches it,
 * `exhausts-memory` allocates until V8 gives up. When: `-on-start` before listening, `-after-requests` (10 of the JSON
 * API) or `-after-3-requests` at that request. `v7-throws-on-start` is one. `fails-every-2-requests` answers each second
 * request of the JSON API with 500 and logs nothing of it. Every other version behaves.
 */
export function versionBehaviour(version: string, log: Log): VersionBehaviour {
  const [, how, after] =
    /(crash|throws|exhausts-memory)-(?:on-start|after-(?:(\d+)-)?requests)/.exec(version) ?? [];
  const onStart = version.includes('-on-start');
  const fail = () => {
    if (how === 'crash') {
      log('error', 'fatal', { reason: 'cannot read the price list' });
      process.exit(1);
    }
    if (how === 'exhausts-memory') exhaustMemory();
    if (how === 'throws' && onStart) priceOf(undefined);
    // Outside of the request, where the framework would answer 500 for it.
    if (how === 'throws') setImmediate(() => priceOf(undefined));
  };
  const requestsUntilFailure = Number(after ?? defaultRequestsUntilCrash);
  const failsEvery = Number(/fails-every-(\d+)-requests/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
  let requests = 0;
  return {
    version,
    beforeStart: () => {
      if (onStart) fail();
    },
    beforeRequest: () => {
      requests += 1;
      if (!onStart && requests >= requestsUntilFailure) fail();
      return requests % failsEvery === 0 ? 'fails' : 'serves';
    },
  };
}

/** The kind of mistake that a type check misses: data that is not there. */
function priceOf(products: readonly { readonly price: number }[] | undefined): number {
  const [first] = products ?? [];
  if (first === undefined) throw new TypeError("Cannot read properties of undefined (reading 'price')");
  return first.price;
}

function exhaustMemory(): never {
  const kept: string[][] = [];
  for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => `sale ${kept.length}-${index}`));
}
