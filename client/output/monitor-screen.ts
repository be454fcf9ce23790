import type { MonitorStatus } from '../../workflows/contracts/monitor.ts';
import type { SignalState } from '../../workflows/contracts/monitoring.ts';
import { duration, utc } from '../../workflows/runbook/format.ts';
import type { MonitorLook } from '../monitor/look.ts';
import { commandText, nextLines } from './command-text.ts';
import { formatAgo } from './duration.ts';
import type { Screen } from './screen.ts';
import { fields, hang } from './text.ts';

/** The monitor as a person needs it: whether it looks, what it opened, what holds it back, and each signal. */
export function monitorScreen(environment: string, look: MonitorLook, screen: Screen): string[] {
  const { width, style } = screen;
  const start = { text: commandText({ command: 'monitor start', environment }), why: 'start it' };
  if (look.kind === 'never-ran') {
    return [
      style('bad', `Nothing looks after ${environment}: no monitor ever ran.`),
      ...nextLines([start, applySchedules(environment)], width),
    ];
  }
  const { running, status, noStatusBecause } = look;
  if (status === null) {
    return [
      style(
        'bad',
        `Monitor of ${environment}: ${running ? 'it runs, and does not answer' : 'it is stopped'}`,
      ),
      ...hang('  ', noStatusBecause ?? '', width),
      ...nextLines([running ? { text: 'npm run worker', why: 'start a worker' } : start], width),
    ];
  }
  return [
    ...headline(environment, running, status, screen),
    ...(status.trouble === null ? [] : hang('CANNOT LOOK: ', status.trouble, width)),
    ...watchLines(environment, look, screen),
    ...markerLines(status, screen),
    '',
    ...(status.states.length === 0 ? ['It has not looked yet.'] : status.states.flatMap(signalLines(screen))),
    ...nextLines(running ? nextCommands(environment, status) : [start], width),
  ];
}

/** What somebody who looks at a recovery should know of the monitor; nothing where all is well. */
export function watchLines(environment: string, look: MonitorLook, screen: Screen): string[] {
  const { width, style } = screen;
  if (look.kind === 'never-ran' || look.status === null) return [];
  const { silence, open } = look.status;
  return [
    ...(silence === null
      ? []
      : hang(
          'SILENCED  ',
          `until ${utc(silence.until)} by ${silence.by}: ${silence.reason}. Nothing is opened or started meanwhile.`,
          width,
        ).map((line) => style('warning', line))),
    ...(open === null ? [] : incidentLines(environment, open, screen)),
  ];
}

/** Without one, the recovery point of a quiet production cannot be measured. */
function markerLines({ marker }: MonitorStatus, { width, now }: Screen): string[] {
  return hang(
    'recovery marker: ',
    marker === undefined
      ? 'none was written yet'
      : `number ${marker.sequence}, written ${formatAgo(now.getTime() - Date.parse(marker.writtenAt))}, every ${duration(marker.everyMs)}`,
    width,
  );
}

function headline(
  environment: string,
  running: boolean,
  { lookedAt, since }: MonitorStatus,
  { style, now, width }: Screen,
): string[] {
  if (!running) return [style('bad', `Monitor of ${environment}: STOPPED`)];
  const looked = lookedAt === null ? 'not yet' : formatAgo(now.getTime() - Date.parse(lookedAt));
  const began = utc(`${since.slice(0, 19)}Z`);
  return hang('', `Monitor of ${environment}: last look ${looked}, watching since ${began}`, width).map(
    (line) => style('strong', line),
  );
}

function incidentLines(
  environment: string,
  { incident, recovery, heldBack }: NonNullable<MonitorStatus['open']>,
  { width, style, now }: Screen,
): string[] {
  const { scenario, because, incidentAt, evidence, alsoPossible } = incident;
  const started =
    recovery === null
      ? (heldBack ?? 'nothing was started')
      : `${recovery.scenario}: ${commandText({ command: 'status', environment })}`;
  return [
    style('bad', `INCIDENT  ${scenario ?? 'no runbook fits'}`),
    ...fields(
      [
        ['why', because],
        ['since', `${utc(incidentAt)}, for ${duration(Math.max(0, now.getTime() - Date.parse(incidentAt)))}`],
        ...evidence.map(({ signal, found }) => [signal, found] as const),
        ...(alsoPossible.length === 0 ? [] : [['also possible', alsoPossible.join(', ')] as const]),
        ['recovery', started],
      ],
      width,
    ),
  ];
}

function signalLines({ width, style, now }: Screen): (state: SignalState) => string[] {
  return ({ signal, trouble, badInARow, probedAt, found }) => {
    const [tone, word] = trouble
      ? (['bad', 'BAD'] as const)
      : badInARow > 0
        ? (['warning', 'doubtful'] as const)
        : (['good', 'good'] as const);
    const lead = `${signal.padEnd(19)}${word.padEnd(10)}`;
    const ago = probedAt === null ? 'not looked at yet' : formatAgo(now.getTime() - Date.parse(probedAt));
    const [first = '', ...rest] = hang(lead, probedAt === null ? ago : `${found} (${ago})`, width);
    return [`${style(tone, lead)}${first.slice(lead.length)}`, ...rest];
  };
}

function nextCommands(environment: string, { open, silence }: MonitorStatus) {
  const options = { reason: '…' };
  return [
    ...(open?.recovery == null
      ? []
      : [{ text: commandText({ command: 'status', environment }), why: 'the recovery, and what it asks' }]),
    silence === null
      ? {
          text: commandText({ command: 'monitor silence', environment, options: { for: '2h', ...options } }),
          why: 'for maintenance',
        }
      : { text: commandText({ command: 'monitor unsilence', environment, options }), why: 'end it now' },
    {
      text: commandText({
        command: 'report-incident',
        environment,
        options: { scenario: 'SCENARIO', ...options },
      }),
      why: 'what it does not see',
    },
  ];
}

function applySchedules(environment: string) {
  return {
    text: commandText({ command: 'schedules apply', environment }),
    why: 'start it, and keep it running',
  };
}
