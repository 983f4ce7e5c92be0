// The program ends when nothing is left that keeps it alive.
setTimeout(() => console.log('never: nothing keeps the program alive for so long'), 6000).unref();
setInterval(() => console.log('never either'), 7000).unref();
setInterval(() => {}, 10).unref();
setTimeout(() => console.log('unref, but another waits longer'), 50).unref();
setTimeout(() => console.log('the longest'), 600);
const turned = setTimeout(() => console.log('ref again'), 300);
turned.unref();
turned.unref();
turned.ref();
const dropped = setTimeout(() => console.log('never'), 4000);
setTimeout(() => dropped.unref(), 150);

export {};
