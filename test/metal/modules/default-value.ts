export default { a: 1, list: [1, 2] };
