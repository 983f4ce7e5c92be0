// expect HED124
// construct: arguments
function count(): number {
  return arguments.length;
}
console.log(count());
