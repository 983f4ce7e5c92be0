// A function is known before its declaration.
console.log(hoisted(2));
function hoisted(n: number): string {
  return n > 0 ? `h${hoisted(n - 1)}` : 'end';
}

export {};
