// expect HED110
console.log('a'.localeCompare('b'), (1.5).toLocaleString());
