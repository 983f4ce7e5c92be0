// The options on a kernel's command line, written as Linux takes them (Documentation/admin-guide/kernel-parameters.rst):
//
//   verbose probe.disk=2 text="two words" virtio_mmio.device=512@0xfeb00e00:12
//
// Blanks separate words; a word is a name, or a name, `=` and a value. Double quotes protect blanks and are taken away. In a name, `-` means
// `_`. Nothing is refused here: a command line may carry words for others.

/** One word of the command line. `value` is undefined when the word has no `=`. */
export interface Option {
  readonly name: string;
  readonly value: string | undefined;
}

/** Returns the options of a command line, in order. */
export const parseOptions = (text: string): Option[] => {
  const options: Option[] = [];
  let word = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (letter === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && (letter === ' ' || letter === '\t' || letter === '\n')) {
      if (word !== '') options.push(parseWord(word));
      word = '';
    } else {
      word += letter;
    }
  }
  if (word !== '') options.push(parseWord(word));
  return options;
};

/** Returns the value of the last option with this name (written with `_`), an empty text when it has none; undefined when it is not there. */
export const findOption = (options: readonly Option[], name: string): string | undefined => {
  let found: string | undefined;
  for (const option of options) {
    if (option.name === name) found = option.value ?? '';
  }
  return found;
};

const parseWord = (word: string): Option => {
  const equals = word.indexOf('=');
  if (equals === -1) return { name: plainName(word), value: undefined };
  return { name: plainName(word.slice(0, equals)), value: word.slice(equals + 1) };
};

const plainName = (name: string): string => {
  let plain = '';
  for (let index = 0; index < name.length; index++) plain += name[index] === '-' ? '_' : name[index];
  return plain;
};
