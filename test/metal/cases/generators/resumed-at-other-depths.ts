// Coroutines resumed from another depth of try than they began at.
function* thrower(n: number) {
  yield 1;
  try {
    yield 2;
  } catch (e) {
    console.log(`in ${e}`);
    yield 3;
  }
  if (n > 0) throw `out${n}`;
  yield 4;
}
const it = thrower(1);
it.next();
const deep = (k: number): any => {
  try {
    try {
      try {
        if (k > 0) return deep(k - 1);
        it.next();
        it.throw('x');
        it.next();
        return 'no';
      } catch (e) {
        throw `${e}1`;
      }
    } catch (e) {
      throw `${e}2`;
    }
  } catch (e) {
    throw `${e}3`;
  }
};
try {
  deep(2);
} catch (e) {
  console.log(`${e}`);
}
const a = async (n: number) => {
  await null;
  await null;
  throw new Error(`a${n}`);
};
const b = async () => {
  try {
    try {
      a(1).catch((e) => console.log(`c ${e}`));
      throw 'q';
    } catch (e) {
      await a(2);
    }
  } catch (e) {
    console.log(`b ${e}`);
  }
  throw 'last';
};
try {
  try {
    b().then(undefined, (e) => console.log(`end ${e}`));
    throw 1;
  } catch (e) {
    console.log(`sync ${e}`);
    throw 2;
  }
} catch (e) {
  console.log(`sync ${e}`);
}

export {};
