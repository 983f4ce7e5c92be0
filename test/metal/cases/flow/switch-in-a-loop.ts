// continue and break from a switch in a loop.
const o: string[] = [];
for (let i = 0; i < 5; i++) {
  switch (i) {
    case 1:
      continue;
    case 3:
      break;
    default:
      o.push(`${i}`);
  }
  o.push('-');
}
console.log(o.join(''));

export {};
