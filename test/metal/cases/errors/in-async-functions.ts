// try, catch and finally around await.
const bad = async (n: number) => {
  await null;
  if (n > 1) throw new Error(`n${n}`);
  return n;
};
const main = async () => {
  try {
    console.log(`${await bad(1)}`);
    console.log(`${await bad(2)}`);
  } catch (e: any) {
    console.log(`c ${e.message}`);
  } finally {
    console.log('fin');
  }
  for (let i = 0; 4 > i; i++) {
    try {
      await bad(i);
      console.log(`ok ${i}`);
      if (i === 0) continue;
    } catch (e) {
      console.log(`bad ${i}`);
      if (i === 3) return 'ret';
    } finally {
      console.log(`f ${i}`);
      await null;
    }
  }
  return 'x';
};
main().then((x) => console.log(`${x}`));

export {};
