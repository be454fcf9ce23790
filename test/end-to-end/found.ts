import type { SandboxProduction } from '../sandbox/index.ts';

/** How production stands, as far as a recovery may change it and must put it back. */
export async function standing({ railway, postgres, supabase }: SandboxProduction) {
  const active = railway.service.active();
  const health = await fetch(`${railway.applicationUrl}/health`).then(
    (answer) => answer.status,
    () => null,
  );
  return {
    version: active?.version ?? null,
    status: active?.status ?? null,
    health,
    autoDeploy: railway.service.autoDeploy,
    allowedCidrs: [...postgres.networkRestrictions()],
    restoreRequests: supabase.calls.all('restore-pitr').length,
    timeline: postgres.timeline(),
  };
}
