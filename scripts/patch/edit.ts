// An edit of generated C: text to find, how often it must be there, and what replaces it.

/** One edit. */
export interface Edit {
  /** What the edit mends, for the message when it does not match. */
  readonly mends: string;
  readonly find: string | RegExp;
  /** The replacement; `$1` stands for the first group of a pattern. */
  readonly replace: string;
  /** How many matches there must be; `some` is one or more. */
  readonly times: number | 'some';
}

/** Returns `c` with all edits applied in order. Throws an Error when one finds fewer or more matches than it expects. */
export const applyEdits = (c: string, edits: readonly Edit[]): string => edits.reduce(applyEdit, c);

const applyEdit = (c: string, edit: Edit): string => {
  const pattern = typeof edit.find === 'string' ? new RegExp(escapePattern(edit.find), 'g') : edit.find;
  let count = 0;
  const edited = c.replace(pattern, (...match: unknown[]) => {
    count++;
    return edit.replace.replace(/\$(\d)/g, (_, group: string) => String(match[Number(group)]));
  });
  const matches = edit.times === 'some' ? count > 0 : count === edit.times;
  if (matches) return edited;
  throw new Error(
    `Porffor's C has changed: to mend ${edit.mends}, expected ${edit.times} of its text, found ${count}: ${edit.find}`,
  );
};

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
