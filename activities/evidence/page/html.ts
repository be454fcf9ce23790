import { escapeHtml } from '../../escape-html.ts';

/** Markup that needs no escaping any more; made by {@link html} only. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: text and numbers are escaped, markup is taken as it is. */
type Content = string | number | Markup | readonly Markup[];

/** Joins markup; every value that is not markup itself is shown as text, whatever it looks like. Good for SVG as well. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: parts.map((part, index) => `${part}${render(values[index] ?? '')}`).join('') };
}

/** Nothing at all. */
export const nothing: Markup = { markup: '' };

function render(value: Content): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}
