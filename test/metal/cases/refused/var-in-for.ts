// expect HED164
// construct: var
for (var i = 0; i < 3; i++) console.log(i);

export {};
