// The name of a function that the build has renamed, because another module has one of the same name (`open$2`), or a function outside
// (`open$in$main$1`): the program sees the name that was written.

/** Returns the C with the ends of such names left out where they are read. */
export const showWrittenNames = (c: string): string =>
  c.replace(
    /^(jsval p\d+___Porffor_funcLut_name)\(jsval fn\) \{\n\treturn porf_box\(\(f64\)(.*), 195\);\n\}\n/m,
    (_, head, at) => `${HELPER}${head}(jsval fn) {\n\treturn porf_box((f64)hedyn_writtenName(${at}), 195);\n}\n`,
  );

const HELPER = `static u32 hedyn_writtenName(u32 name) {
  const u8* const text = MEM + name + 4;
  const u32 length = *(u32*)(MEM + name);
  u32 end = length;
  while (end > 0 && text[end - 1] >= '0' && text[end - 1] <= '9') end--;
  if (end == length || end < 2 || text[end - 1] != '$') return name;
  end--;
  for (u32 at = end; at-- > 1;) {
    if (at + 4 <= end && memcmp(text + at, "$in$", 4) == 0) { end = at; break; }
  }
  const u32 written = porf_bstr_new(end);
  memcpy(MEM + written + 4, MEM + name + 4, end);
  return written;
}
`;
