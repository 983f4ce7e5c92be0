// ends 32
// says just a string
const later: (() => void)[] = [];
for (const text of ['just a string']) {
  later.push(() => {
    throw text;
  });
}
for (const run of later) run();

export {};
