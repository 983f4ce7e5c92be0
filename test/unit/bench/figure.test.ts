import { describe, expect, it } from 'vitest';
import { type Figure, formatFigure, median, valueOf } from '../../bench/figure.ts';

const figure = (more: Partial<Figure>): Figure => ({
  name: 'size',
  unit: 'KB',
  measure: async () => ({ values: [] }),
  ...more,
});

describe('a figure', () => {
  it('has the sample in the middle as its value', () => {
    expect(valueOf(figure({}), { values: [30, 1, 2] })).toBe(2);
  });

  it('has the least sample as its value where instructions are counted', () => {
    expect(valueOf(figure({ pick: 'least' }), { values: [30, 1, 2] })).toBe(1);
  });

  it('is ok up to its limit', () => {
    expect(formatFigure(figure({ limit: 400 }), 400)).toBe('bench size 400 KB limit 400 ok');
    expect(formatFigure(figure({ limit: 400 }), 401)).toBe('bench size 401 KB limit 400 miss');
  });

  it('without a limit is printed and promises nothing', () => {
    expect(formatFigure(figure({}), 1234.5)).toBe('bench size 1230 KB limit none ok');
  });
});

describe('the median', () => {
  it('of an even number is the upper of the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(3);
  });

  it('of nothing is an error, not NaN', () => {
    expect(() => median([])).toThrow('the median of no samples');
  });
});
