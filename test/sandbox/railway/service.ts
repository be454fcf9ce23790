import { setTimeout as delay } from 'node:timers/promises';
import { SandboxDeployment } from './deployment.ts';
import { Refusal } from './refusal.ts';
import { startReplica } from './replica.ts';

/** How the platform behaves. */
export interface ServiceSettings {
  /** Where the application's process listens, behind the edge. */
  readonly port: number;
  readonly buildMs: number;
  readonly deployMs: number;
  /** Between a stop that was accepted and the end of the process. */
  readonly stopMs: number;
  readonly maxRestarts: number;
  readonly restartDelayMs: number;
  /** Resolves when deployments may be activated. */
  readonly activationAllowed: () => Promise<void>;
}

/** What a new deployment is made of. */
interface Wanted {
  readonly version: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly build: boolean;
}

/**
 * One service in one environment, supervised as Railway does: one deployment is active and has the application's
 * process; a new one replaces it once it is built. Every method returns when the order is taken, before its effect.
 */
export class SandboxService {
  readonly #settings: ServiceSettings;
  readonly #deployments: SandboxDeployment[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #activation: Promise<void> = Promise.resolve();
  #variables: Readonly<Record<string, string>>;
  #closing = false;
  autoDeploy = true;

  constructor(settings: ServiceSettings, variables: Readonly<Record<string, string>>) {
    this.#settings = settings;
    this.#variables = { ...variables };
  }

  get variables(): Readonly<Record<string, string>> {
    return this.#variables;
  }

  /** Newest first. */
  deployments(): readonly SandboxDeployment[] {
    return this.#deployments.toReversed();
  }

  find(id: string): SandboxDeployment {
    const found = this.#deployments.find((deployment) => deployment.id === id);
    if (found === undefined) throw new Refusal('Deployment not found');
    return found;
  }

  /** The deployment whose process runs, if any. */
  active(): SandboxDeployment | undefined {
    return this.#deployments.findLast(({ replica }) => replica !== undefined);
  }

  /** Adds one that has been, without running it. */
  addPast(deployment: SandboxDeployment): void {
    this.#deployments.push(deployment);
  }

  /** A push to the repository: deployed when auto-deploy is on. */
  pushVersion(version: string): SandboxDeployment | undefined {
    return this.autoDeploy ? this.deploy({ version, variables: this.#variables, build: true }) : undefined;
  }

  deploy(wanted: Wanted): SandboxDeployment {
    const deployment = new SandboxDeployment({
      ...wanted,
      createdAt: new Date(),
      status: wanted.build ? 'BUILDING' : 'DEPLOYING',
      hasImage: !wanted.build,
    });
    this.#deployments.push(deployment);
    this.#track(this.#bringUp(deployment));
    return deployment;
  }

  /** The same build once more, with the variables of now. */
  redeploy(id: string, usePreviousImage: boolean): SandboxDeployment {
    const { version, canRedeploy } = this.find(id);
    if (!canRedeploy) throw new Refusal('Deployment cannot be redeployed');
    return this.deploy({ version, variables: this.#variables, build: !usePreviousImage });
  }

  /** The old build with the old variables, which become the service's own again. */
  rollback(id: string): void {
    const { version, variables, canRollback } = this.find(id);
    if (!canRollback) throw new Refusal('Deployment cannot be rolled back to');
    this.#variables = variables;
    this.deploy({ version, variables, build: false });
  }

  cancel(id: string): void {
    const deployment = this.find(id);
    if (!deployment.inProgress || deployment.activated) throw new Refusal('Deployment cannot be cancelled');
    deployment.cancelling.abort();
  }

  stop(id: string): void {
    const deployment = this.find(id);
    if (deployment.replica === undefined) throw new Refusal('Deployment is not running');
    // Not in turn: a deployment that keeps crashing holds the port's turn until it is stopped.
    this.#track(this.#stopSoon(deployment));
  }

  restart(id: string): void {
    const deployment = this.find(id);
    if (deployment.replica === undefined && deployment.status !== 'CRASHED') {
      throw new Refusal('Deployment is not running');
    }
    deployment.status = 'DEPLOYING';
    this.#track(
      this.#inTurn(async () => {
        await this.#stopReplica(deployment);
        await this.#run(deployment);
      }),
    );
  }

  setVariable(name: string, value: string, skipDeploys: boolean): void {
    this.setVariables({ [name]: value }, { skipDeploys, replace: false });
  }

  /** Sets several at once; `replace` wipes all others. */
  setVariables(
    variables: Readonly<Record<string, string>>,
    { skipDeploys, replace }: { readonly skipDeploys: boolean; readonly replace: boolean },
  ): void {
    this.#variables = { ...(replace ? {} : this.#variables), ...variables };
    if (!skipDeploys) this.#redeployActive();
  }

  /** Removes one; what runs is deployed again without it. */
  removeVariable(name: string): void {
    const { [name]: _removed, ...rest } = this.#variables;
    this.#variables = rest;
    this.#redeployActive();
  }

  /** Resolves when no order is being carried out any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Ends everything, waiting for the last process. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const deployment of this.#deployments) {
      deployment.cancelling.abort();
      await this.#stopReplica(deployment);
    }
    await this.settled();
  }

  #redeployActive(): void {
    const active = this.active();
    if (active !== undefined) this.redeploy(active.id, true);
  }

  async #bringUp(deployment: SandboxDeployment): Promise<void> {
    const { signal } = deployment.cancelling;
    const { buildMs, deployMs, activationAllowed } = this.#settings;
    try {
      if (deployment.status === 'BUILDING') {
        await delay(buildMs, undefined, { signal });
        if (!build(deployment)) return;
        deployment.hasImage = true;
        deployment.status = 'DEPLOYING';
      }
      await delay(deployMs, undefined, { signal });
      await Promise.race([activationAllowed(), aborted(signal)]);
      signal.throwIfAborted();
    } catch {
      deployment.hasImage = false;
      deployment.status = 'REMOVED';
      return;
    }
    await this.#inTurn(() => this.#activate(deployment));
  }

  async #activate(deployment: SandboxDeployment): Promise<void> {
    if (deployment.cancelling.signal.aborted) {
      deployment.status = 'REMOVED';
      return;
    }
    deployment.activated = true;
    for (const earlier of this.#deployments) {
      if (earlier === deployment || earlier.inProgress || !earlier.hasRun) continue;
      await this.#stopReplica(earlier);
      earlier.status = 'REMOVED';
    }
    await this.#run(deployment);
  }

  async #run(deployment: SandboxDeployment): Promise<void> {
    if (this.#closing) return;
    const { port, maxRestarts, restartDelayMs } = this.#settings;
    const replica = startReplica({
      version: deployment.version,
      variables: deployment.variables,
      port,
      maxRestarts,
      restartDelayMs,
      onLine: (line) => deployment.log(line),
      onGivenUp: () => {
        deployment.replica = undefined;
        deployment.status = 'CRASHED';
      },
    });
    deployment.replica = replica;
    deployment.stopped = false;
    if (!(await replica.listening)) return;
    deployment.hasRun = true;
    deployment.status = 'SUCCESS';
  }

  async #stopSoon(deployment: SandboxDeployment): Promise<void> {
    await delay(this.#settings.stopMs);
    await this.#stopReplica(deployment);
    deployment.stopped = true;
    if (deployment.inProgress) deployment.status = 'CRASHED';
  }

  async #stopReplica(deployment: SandboxDeployment): Promise<void> {
    await deployment.replica?.stop();
    deployment.replica = undefined;
  }

  // One port: whatever takes or frees it waits for its turn.
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#activation = this.#activation.then(work);
    return this.#activation;
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }
}

/** A version whose name says so cannot be built; what runs goes on running. */
function build(deployment: SandboxDeployment): boolean {
  deployment.logBuild('npm ci && npm run build');
  const fails = deployment.version.includes('build-fails');
  if (fails) deployment.logBuild("src/prices.ts(12,5): error TS2304: Cannot find name 'priceList'.");
  deployment.logBuild(fails ? 'Build failed: command exited with code 2' : 'Build completed');
  if (fails) deployment.status = 'FAILED';
  return !fails;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
