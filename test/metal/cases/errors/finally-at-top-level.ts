// finally outside any function.
for (let i = 0; 5 > i; i++) {
  try {
    if (i === 1) continue;
    if (i === 3) break;
    console.log('b', i);
  } finally {
    console.log('f', i);
  }
}

export {};
