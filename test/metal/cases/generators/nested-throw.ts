// An exception between two generators.
function* inner() {
  try {
    yield 'a';
    yield 'b';
  } finally {
    console.log('inner fin');
  }
}
function* outer() {
  try {
    const i = inner();
    i.next();
    yield i.next().value;
    i.next();
    throw new Error('o');
  } catch (e) {
    console.log(`outer ${e}`);
    yield 'z';
  }
}
for (const v of outer()) console.log(`${v}`);

export {};
