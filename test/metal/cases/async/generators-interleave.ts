// Two async generators and a counter of jobs.
async function* a2(n: string) {
  for (let i = 0; i < 3; i++) {
    yield `${n}${i}`;
  }
}
const t = async (n: string) => {
  for await (const x of a2(n)) console.log(x);
  console.log(`${n}end`);
};
t('a');
t('b');
(async () => {
  for (let i = 0; i < 12; i++) {
    await null;
    console.log(`t${i}`);
  }
})();

export {};
