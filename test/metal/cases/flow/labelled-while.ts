// A labelled while loop around a do loop.
let n = 0;
w: while (true) {
  do {
    n++;
    if (n === 3) continue w;
    if (n > 6) break w;
  } while (n % 5 !== 0);
  n += 1;
}
console.log(`${n}`);

export {};
