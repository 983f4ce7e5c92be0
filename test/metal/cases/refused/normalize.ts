// expect HED110
console.log('e'.normalize('NFD'));
