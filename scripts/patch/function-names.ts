// The name of a function that the build has renamed, because another module has one of the same name (`open$2`), or a function outside
// (`open$in1`): the program sees the name that was written.

/** Returns the C with the ends of such names left out where they are read. */
export const showWrittenNames = (c: string): string =>
  c.replace(
    /^(jsval p\d+___Porffor_funcLut_name)\(jsval fn\) \{\n\treturn porf_box\(\(f64\)(.*), 195\);\n\}\n/m,
    (_, head, at) => `${HELPER}${head}(jsval fn) {\n\treturn porf_box((f64)hedyn_writtenName(${at}), 195);\n}\n`,
  );

const HELPER = `static u32 hedyn_writtenName(u32 name) {
  const u8* const text = MEM + name + 4;
  u32 end = *(u32*)(MEM + name);
  while (end > 0 && text[end - 1] >= '0' && text[end - 1] <= '9') end--;
  if (end == *(u32*)(MEM + name)) return name;
  if (end > 2 && text[end - 1] == 'n' && text[end - 2] == 'i') end -= 2;
  if (end < 2 || text[end - 1] != '$') return name;
  const u32 written = porf_bstr_new(end - 1);
  memcpy(MEM + written + 4, MEM + name + 4, end - 1);
  return written;
}
`;
