import type { RtoForecast } from '../contracts/forecast.ts';
import { duration, utc } from './format.ts';

/** The forecast in one line, with what it rests on and what it leaves out. */
export function forecastInOneLine(forecast: RtoForecast): string {
  const { endsAt, worstEndsAt, deadlineAt } = forecast;
  return `users have the application back at ${second(endsAt)}${margin(endsAt, deadlineAt)}, at worst at ${second(worstEndsAt)} (${basis(forecast)})`;
}

/** That the RTO will be missed and what could be done; null where it is not foreseen. */
export function missInOneLine({ verdict, options }: RtoForecast): string | null {
  if (verdict !== 'will-be-missed') return null;
  return [
    'The RTO will be missed.',
    ...(options.length === 0 ? [] : [`Possible: ${options.join('; ')}.`]),
  ].join(' ');
}

function margin(endsAt: string, deadlineAt: string | null): string {
  if (deadlineAt === null) return '';
  const leftMs = Date.parse(deadlineAt) - Date.parse(endsAt);
  return leftMs < 0 ? `, ${duration(-leftMs)} AFTER the RTO` : `, ${duration(leftMs)} before the RTO`;
}

function basis({ measuredSteps, policySteps, unknownSteps, waitsForPeople, overrun }: RtoForecast): string {
  return [
    `medians of ${measuredSteps} measured ${measuredSteps === 1 ? 'step' : 'steps'}`,
    ...(policySteps > 0 ? [`${policySteps} by the policy`] : []),
    ...(unknownSteps.length > 0 ? [`${unknownSteps.length} not known and not counted`] : []),
    ...(waitsForPeople.length > 0 ? [`not counted: waiting for people in ${waitsForPeople.length}`] : []),
    ...(overrun === null ? [] : [`"${overrun}" takes longer than it ever did`]),
  ].join(', ');
}

/** To the second: a forecast knows no better. */
function second(moment: string): string {
  return utc(`${moment.slice(0, 19)}Z`);
}
