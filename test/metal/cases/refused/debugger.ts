// expect HED169
// construct: debugger
debugger;

export {};
