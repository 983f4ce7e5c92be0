// expect HED124
function count(): number {
  return arguments.length;
}
console.log(count());
