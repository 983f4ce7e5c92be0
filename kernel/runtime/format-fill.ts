// The walk over a console.log format; what a directive shows is the caller's.

/** Returns the line: `show` gives the text for a directive (one of `sdifjoOc`), `plain` that for a value without one. */
export const fill = <T>(
  values: readonly T[],
  show: (directive: string, value: T) => string,
  plain: (value: T) => string,
): string => {
  const format: unknown = values[0];
  let line = '';
  let next = 0;
  if (typeof format === 'string' && values.length > 1) {
    next = 1;
    let at = 0;
    let percent = format.indexOf('%');
    while (percent >= 0 && percent < format.length - 1) {
      const directive = format.charAt(percent + 1);
      line += format.slice(at, percent);
      if (directive === '%') line += '%';
      else if (next < values.length && 'sdifjoOc'.includes(directive)) {
        line += show(directive, values[next] as T);
        next += 1;
      } else line += `%${directive}`;
      at = percent + 2;
      percent = format.indexOf('%', at);
    }
    line += format.slice(at);
  }
  for (; next < values.length; next++) line += `${next === 0 ? '' : ' '}${plain(values[next] as T)}`;
  return line;
};
