// A tag is given the same object of texts each time its template is evaluated.
const tag = (texts: TemplateStringsArray, ..._values: unknown[]): TemplateStringsArray => texts;
const same = (n: number): TemplateStringsArray => tag`a${n}b`;
const other = (n: number): TemplateStringsArray => tag`a${n}b`;
console.log(same(1) === same(2), same(1) === other(1), same(1).length, same(1).raw.join('|'));
const cache = new Map<TemplateStringsArray, number>();
const count = (texts: TemplateStringsArray, ..._values: number[]): number => {
  cache.set(texts, (cache.get(texts) ?? 0) + 1);
  return cache.get(texts) ?? 0;
};
for (let i = 0; i < 3; i++) console.log(count`n${i}`, count`m`);
class Page {
  prefix = 'p';
  html(texts: TemplateStringsArray, ...values: unknown[]): string {
    return `${this.prefix}:${texts.raw.join('|')}:${texts.join('|')}:${values.join(',')}`;
  }
}
const page = new Page();
console.log(
  page.html`a${1}\n${2}c\``,
  String.raw`x\n${3}`,
  tag`one
line`[0],
);

export {};
