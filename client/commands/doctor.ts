import type { DoctorInput, DoctorReport } from '../../workflows/contracts/readiness.ts';
import type { DrCommand, Invocation } from '../command.ts';
import type { DrContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readOperationRequest } from '../operations/request.ts';
import { resultOf } from '../operations/run-workflow.ts';
import { optionsSchema, withCommonOptions, withIdentity } from '../options.ts';
import { doctorScreen } from '../output/doctor-screen.ts';
import { withExample } from '../output/help.ts';
import { screenFor, writeJson, writeLines } from '../output/screen.ts';

/** `dr doctor`: the procedure's production checklist, each item looked at; 1 when something failed or did not answer. */
export const doctor: DrCommand = {
  describe: (command) => {
    withIdentity(withCommonOptions(command)).option(
      '--send-test-alert',
      'really send a mail and a webhook message, marked as a test',
    );
    withExample(command, 'npx dr doctor');
  },
  run: showDoctor,
};

async function showDoctor(invocation: Invocation, context: DrContext): Promise<ExitCode> {
  const { input, json } = readOperationRequest(invocation, context, 'doctor');
  const { environment, startedBy } = input;
  const { sendTestAlert } = optionsSchema.parse(invocation.options);
  const report = await resultOf<DoctorInput, DoctorReport>(context, {
    type: 'doctor',
    name: 'doctor',
    input: { environment, startedBy, sendTestAlert },
    environment,
    startedBy,
    readsOnly: !sendTestAlert,
  });
  if (json) writeJson(context.stdout, report);
  else writeLines(context.stdout, doctorScreen(report, screenFor(context)));
  const ill = report.items.some(({ state }) => state === 'failed' || state === 'unknown');
  return ill ? exitCodes.failed : exitCodes.fine;
}
