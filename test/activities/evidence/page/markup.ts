import { expect } from 'vitest';

/** An element of a page. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const empty = new Set(['meta']);
const tag = /<(\/?)([a-z][a-zA-Z0-9]*)((?: [a-zA-Z][a-zA-Z0-9-]*="[^"<>]*")*)\s*(\/?)>/y;

/**
 * Reads a page more strictly than a browser does: every `<` begins a tag, every attribute is quoted, every element is
 * closed where it belongs. Fails the test where text has become markup.
 */
export function readMarkup(page: string): Element {
  const root: Element = { name: 'document', attributes: {}, children: [] };
  const open = [root];
  const text = page.replace(/^<!doctype html>\n/, '');
  expect(text.length).toBeLessThan(page.length);
  let at = 0;
  while (at < text.length) {
    const current = open.at(-1);
    if (current === undefined) break;
    const end = current.name === 'style' ? text.indexOf('</style>', at) : text.indexOf('<', at);
    const until = end === -1 ? text.length : end;
    if (until > at) current.children.push(decode(text.slice(at, until)));
    at = until;
    if (at >= text.length) break;
    tag.lastIndex = at;
    const found = tag.exec(text);
    expect(found, `no tag: ${text.slice(at, at + 120)}`).not.toBeNull();
    const [whole = '', closing, name = '', attributes = '', selfClosing] = found ?? [];
    at += whole.length;
    if (closing === '/') {
      expect(current.name).toBe(name);
      open.pop();
      continue;
    }
    const element: Element = { name, attributes: readAttributes(attributes), children: [] };
    current.children.push(element);
    if (selfClosing !== '/' && !empty.has(name)) open.push(element);
  }
  expect(open.map(({ name }) => name)).toEqual(['document']);
  return root;
}

/** Every element below one, itself included, that a test of it accepts. */
export function findAll(element: Element, accepts: (element: Element) => boolean): Element[] {
  const below = element.children.flatMap((child) =>
    typeof child === 'string' ? [] : findAll(child, accepts),
  );
  return accepts(element) ? [element, ...below] : below;
}

/** Every element of a name. */
export function named(element: Element, name: string): Element[] {
  return findAll(element, (candidate) => candidate.name === name);
}

/** Every element of a class. */
export function classed(element: Element, css: string): Element[] {
  return findAll(element, ({ attributes }) => (attributes['class'] ?? '').split(' ').includes(css));
}

/** All text within. */
export function textOf({ children }: Element): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/ ([a-zA-Z][a-zA-Z0-9-]*)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decode(value),
    ]),
  );
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
