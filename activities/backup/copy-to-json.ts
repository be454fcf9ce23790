import { DrError } from '../errors.ts';

const [tab, lineEnd, backslash, quote, comma, openRow, closeRow] = [...Buffer.from('\t\n\\",[]')] as [
  number, number, number, number, number, number, number,
];
