// Two variables in a for head.
let s = '';
for (let i = 0, j = 5; i < j; i++, j--) s += `${i}${j} `;
console.log(s);

export {};
