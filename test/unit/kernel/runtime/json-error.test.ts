import { parseJson } from '../../../../kernel/runtime/json-parse.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

// The words of Node 20. Other versions of Node have others, so they are not asked for.
const TEXTS: readonly (readonly [string, string])[] = [
  ['', 'Unexpected end of JSON input'],
  ['[1,', 'Unexpected end of JSON input'],
  ['{', "Expected property name or '}' in JSON at position 1"],
  ['{a:1}', "Expected property name or '}' in JSON at position 1"],
  ['{"a":1,}', 'Expected double-quoted property name in JSON at position 7'],
  ['{"a" 1}', "Expected ':' after property name in JSON at position 5"],
  ['{"a":1 "b":2}', "Expected ',' or '}' after property value in JSON at position 7"],
  ['[1 2]', "Expected ',' or ']' after array element in JSON at position 3"],
  ['"a', 'Unterminated string in JSON at position 2'],
  ['"\u0001"', 'Bad control character in string literal in JSON at position 1'],
  ['"\\x"', 'Bad escaped character in JSON at position 2'],
  ['"a\\u12G4"', 'Bad Unicode escape in JSON at position 6'],
  ['01', 'Unexpected number in JSON at position 1'],
  ['-a', 'No number after minus sign in JSON at position 1'],
  ['1.', 'Unterminated fractional number in JSON at position 2'],
  ['1e+', 'Exponent part is missing a number in JSON at position 3'],
  ['1 2', 'Unexpected non-whitespace character after JSON at position 2'],
  ['{"a":1,"b"1}', 'Unexpected number in JSON at position 10'],
  ['undefined', '"undefined" is not valid JSON'],
  ['[object Object]', '"[object Object]" is not valid JSON'],
  ['trux', 'Unexpected token \'x\', "trux" is not valid JSON'],
  ['[1,]', 'Unexpected token \']\', "[1,]" is not valid JSON'],
  ['x1234567890123456789012345', 'Unexpected token \'x\', "x123456789"... is not valid JSON'],
  ['{"abcdefghijkl": xyzabcdefghijklmnop}', 'Unexpected token \'x\', ..."fghijkl": xyzabcdefg"... is not valid JSON'],
  ['[1,2,3,4,5,6,7,8,9,10,11,12,x]', 'Unexpected token \'x\', ...",10,11,12,x]" is not valid JSON'],
];

describe('what JSON.parse says of a text that is no JSON', () => {
  it.each(TEXTS)('%j: %s', (text, message) => {
    expect(() => parseJson(text)).toThrow(new SyntaxError(message));
  });
});
