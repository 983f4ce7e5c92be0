// Recursive descent: a small program as a kernel has them.
const parse = (text: string): unknown => {
  let at = 0;
  const peek = (): string => text[at] ?? '';
  const value = (): unknown => {
    if (peek() === '[') {
      at++;
      const items: unknown[] = [];
      while (peek() !== ']') {
        items.push(value());
        if (peek() === ',') at++;
      }
      at++;
      return items;
    }
    let digits = '';
    while (/\d/.test(peek())) {
      digits += peek();
      at++;
    }
    if (digits === '') throw new SyntaxError(`unexpected ${peek()} at ${at}`);
    return Number(digits);
  };
  return value();
};
console.log(JSON.stringify(parse('[1,[22,3],[]]')));
try {
  parse('[1,x]');
} catch (e) {
  console.log(String(e));
}

export {};
