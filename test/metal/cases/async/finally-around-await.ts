// return and finally in async functions.
const af = async () => {
  try {
    return await Promise.resolve('r');
  } finally {
    await null;
    console.log('af fin');
  }
};
af().then((v) => console.log(v));
const ag2 = async () => {
  try {
    throw new Error('x');
  } catch {
    return 'caught';
  } finally {
    console.log('ag fin');
  }
};
ag2().then((v) => console.log(v));
const ah = async () => {
  for (let i = 0; i < 3; i++) {
    try {
      await null;
      if (i === 1) continue;
      if (i === 2) break;
      console.log(`h${i}`);
    } finally {
      await null;
      console.log(`hf${i}`);
    }
  }
  return 'h';
};
ah().then((v) => console.log(v));
const ai = async () => {
  try {
    await Promise.reject(new Error('re'));
  } finally {
    console.log('ai fin');
  }
};
ai().catch((e) => console.log(`${e}`));
const aj = async () => {
  try {
    try {
      await null;
      throw new Error('1');
    } finally {
      throw new Error('2');
    }
  } catch (e) {
    return `${e}`;
  }
};
aj().then((v) => console.log(v));

export {};
