import { type SignalName, signalNames } from '../../workflows/contracts/monitoring.ts';
import { isRunnableScenario, scenarioWorkflows } from '../../workflows/contracts/names.ts';
import type { DrCommand } from '../command.ts';
import { giveOrder } from '../monitor/give-order.ts';
import { readMoment, withCommonOptions, withIdentity } from '../options.ts';
import { withExample } from '../output/help.ts';

/**
 * `dr report-incident`: tells the monitor what it does not see. It proposes the runbook that fits; a person is asked before
 * anything is changed.
 */
export const reportIncident: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command))
      .option('--scenario <name>', 'the runbook that fits, where no signal is named')
      .option('--reason <text>', 'what was noticed')
      .option('--since <time>', 'since when; RFC 3339 with offset. A recovery goes back to just before');
    withExample(
      command,
      'npx dr report-incident --scenario data-loss --reason "sales gone" --since 2025-11-29T03:12:00Z',
      'npx dr report-incident health-check --reason "customers call"',
    );
  },
  run: (invocation, context) =>
    giveOrder(
      {
        command: 'report-incident',
        why: 'say what was noticed; it is shown to whoever is asked.',
        needsMonitor: false,
        read: ({ options, args, now }, problems) => {
          const [given, ...rest] = args;
          const signal = signalNames.find((name) => name === given) ?? null;
          if (given !== undefined && signal === null) {
            problems.push(`signal: "${given}" is none; known are: ${reportable.join(', ')}.`);
          }
          if (rest.length > 0) problems.push(`signal: expected one, got ${args.length}.`);
          const { scenario } = options;
          if (scenario !== undefined && !isRunnableScenario(scenario)) {
            const known = Object.keys(scenarioWorkflows).join(', ');
            problems.push(`--scenario: "${scenario}" has no runbook; known are: ${known}.`);
          }
          if (given === undefined && scenario === undefined) {
            problems.push('signal or --scenario: say what is bad, or which runbook fits.');
          }
          const since =
            options.since === undefined ? null : readMoment(options.since, '--since', now, problems);
          return (sender) => ({
            ...sender,
            kind: 'report',
            through: 'user-report',
            signal,
            scenario: scenario !== undefined && isRunnableScenario(scenario) ? scenario : null,
            since: since?.text ?? null,
          });
        },
      },
      invocation,
      context,
    ),
};

const reportable: readonly SignalName[] = signalNames.filter(
  (name) => name !== 'user-report' && name !== 'outside-alert',
);
