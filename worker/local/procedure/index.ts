import type { RunnableScenario } from '../../../workflows/contracts/names.ts';
import { runbooks } from '../../../workflows/scenarios/index.ts';
import { policy } from '../../policy.ts';
import { renderProcedure } from './render.ts';

/** A scenario on paper. */
interface PaperProcedure {
  readonly scenario: RunnableScenario;
  readonly title: string;
  readonly markdown: string;
}

/** The procedure of a scenario by VendHub's policy. Needs neither Temporal nor any variable. */
export function paperProcedure(scenario: RunnableScenario): PaperProcedure {
  const runbook = runbooks[scenario];
  return { scenario, title: runbook.title, markdown: renderProcedure(runbook, policy) };
}
