// What the tag of a template is given first: the texts between the values, and the same as they were typed.

/** Returns the texts of one tagged template, with `raw`. The build calls it once for each place, as the language does. */
export const templateStrings = (texts: readonly (string | undefined)[], raw: readonly string[]): TemplateStringsArray =>
  Object.defineProperty(texts, 'raw', { value: raw }) as unknown as TemplateStringsArray;
