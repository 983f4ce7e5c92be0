// A function that replaces matches is given captures, place, text, and the named groups last.
const date = /(?<year>\d+)-(?<month>\d+)-(?<day>\d+)/;
console.log('2020-01-02'.replace(date, (...given) => JSON.stringify(given)));
console.log('aXbX'.replace(/X/g, (match, at, text, ...rest) => `${match}${at}${text}${rest.length}`));
console.log('aXbX'.replaceAll(/(?<cross>X)/g, (...given) => JSON.stringify(given)));
const pattern = /(?<word>\w)(\d)?/g;
console.log(
  'a1b2-c'.replace(
    pattern,
    (_match, word, digit, at, text, groups) => `<${word} ${digit} ${at} ${text} ${groups?.word}>`,
  ),
  pattern.lastIndex,
);
console.log(
  'abc'.replace(/(?<empty>)/g, (...given) => `${given.length}.`),
  'abc'.replace('b', (match) => match + match),
);
console.log(
  'aXb'.replace(/(?<cross>X)/, '[$<cross>]'),
  'none'.replace(/(?<q>z)/, () => 'y'),
);

export {};
