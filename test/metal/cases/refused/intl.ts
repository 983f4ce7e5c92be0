// expect HED110
console.log(new Intl.NumberFormat().format(1));
