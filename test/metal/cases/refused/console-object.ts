// expect HED106
const sink = console;
sink.log(1);
