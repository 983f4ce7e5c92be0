// Upper and lower case of all of Unicode.
const texts = [
  'abc',
  'ABC',
  'straße',
  'ÀÉŒŠÿ',
  'naïve',
  'µ',
  'ŉ',
  'ﬁn',
  'привет Мир',
  'ΑΣ ΟΔΥΣΣΕΥΣ Σ ΣΑ',
  "ΑΣ'Α",
  'ǆ Ǆ ǅ',
  'İI',
  'ᾳ',
  'ΰ',
  '𐐨𐐀',
  'Ⴀ ა',
  'ⓐⒶ',
  '123 €',
];
for (const text of texts) console.log(text, text.toUpperCase(), text.toLowerCase(), text.toUpperCase().length);
let wrong = 0;
for (let code = 0x80; code < 0x3000; code++) {
  const letter = String.fromCodePoint(code);
  if (letter.toUpperCase().toLowerCase().toUpperCase() !== letter.toUpperCase()) wrong += 1;
}
console.log(wrong);
