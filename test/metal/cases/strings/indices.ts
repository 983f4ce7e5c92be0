// Characters and parts of strings, with indices that are negative, fractional, too large or NaN.
const texts = ['', 'abc', 'a€c', '€', 'héllo wörld', '😀x'];
const indices = [0, 1, 2, -1, 5, 1.9, NaN, Infinity, -Infinity];
for (const text of texts) {
  for (const i of indices)
    console.log(
      JSON.stringify([text[i] ?? null, text.at(i) ?? null, text.charAt(i), text.codePointAt(i) ?? null]),
      text.charCodeAt(i),
      text.slice(i),
      text.slice(0, i),
      text.substring(i),
      text.substring(i, 2),
      text.slice(i, undefined),
    );
  console.log(text.slice(-3, -1), text.slice(), text.slice(2, 1), text.length);
}
const none: string | undefined = 'abc'[7];
console.log(none, none === undefined, 'abc'[1], 'abc'[-1]);
