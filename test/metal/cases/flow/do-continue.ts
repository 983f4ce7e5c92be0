// continue in a do loop checks the condition.
let i = 0;
const o: string[] = [];
do {
  i++;
  if (i === 2) continue;
  o.push(`${i}`);
} while (i < 4);
console.log(o.join(','));

export {};
