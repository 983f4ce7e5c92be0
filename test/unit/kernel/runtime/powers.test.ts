// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: results as Node prints them

import * as hyperbolic from '../../../../kernel/runtime/hyperbolic.ts';
import * as powers from '../../../../kernel/runtime/powers.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

// What Node 20 answers. Where the last digit is not that of the true value, it is the one that V8 has.
const CASES: readonly (readonly [string, number, number])[] = [
  ['powers.exponential(-0.3)', powers.exponential(-0.3), 0.7408182206817179],
  ['powers.exponential(709.5)', powers.exponential(709.5), 1.3549863193146328e308],
  ['powers.exponential(-745)', powers.exponential(-745), 5e-324],
  ['powers.exponential(710)', powers.exponential(710), Number.POSITIVE_INFINITY],
  ['powers.exponential(1e-9)', powers.exponential(1e-9), 1.000000001],
  ['powers.logarithm(0.1)', powers.logarithm(0.1), -2.3025850929940455],
  ['powers.logarithm(3.3)', powers.logarithm(3.3), 1.1939224684724346],
  ['powers.logarithm(1e+300)', powers.logarithm(1e300), 690.7755278982137],
  ['powers.logarithm(5e-324)', powers.logarithm(5e-324), -744.4400719213812],
  ['powers.logarithm(1.0000001)', powers.logarithm(1.0000001), 9.999999505838704e-8],
  ['powers.logarithm(0)', powers.logarithm(0), Number.NEGATIVE_INFINITY],
  ['powers.logarithm(-1)', powers.logarithm(-1), Number.NaN],
  ['powers.decimalLogarithm(1000)', powers.decimalLogarithm(1000), 3],
  ['powers.decimalLogarithm(0.3)', powers.decimalLogarithm(0.3), -0.5228787452803376],
  ['powers.decimalLogarithm(5e-324)', powers.decimalLogarithm(5e-324), -323.3062153431158],
  ['powers.power(20, 36)', powers.power(20, 36), 6.871947673599999e46],
  ['powers.power(12.375, -11.625)', powers.power(12.375, -11.625), 1.9914158598998064e-13],
  ['powers.power(3, 18.25)', powers.power(3, 18.25), 509874037.65824693],
  [
    'powers.power(1.0000002918001551, -2139894945.4387028)',
    powers.power(1.0000002918001551, -2139894945.4387028),
    6.563731804924897e-272,
  ],
  ['powers.power(2, -1074)', powers.power(2, -1074), 5e-324],
  ['powers.power(2, 0.3)', powers.power(2, 0.3), 1.2311444133449163],
  ['powers.power(-8, 3)', powers.power(-8, 3), -512],
  ['powers.power(-8, 0.5)', powers.power(-8, 0.5), Number.NaN],
  ['powers.power(0, -1)', powers.power(0, -1), Number.POSITIVE_INFINITY],
  ['powers.power(1, Number.POSITIVE_INFINITY)', powers.power(1, Number.POSITIVE_INFINITY), Number.NaN],
  ['powers.power(0.5, 100000000000000000000)', powers.power(0.5, 100000000000000000000), 0],
  ['powers.power(79, -5)', powers.power(79, -5), 3.249859184657733e-10],
  ['powers.hypotenuse(3, 4)', powers.hypotenuse(3, 4), 5],
  ['powers.hypotenuse(1e+300, 1e+300)', powers.hypotenuse(1e300, 1e300), 1.4142135623730952e300],
  ['hyperbolic.logarithmOfSum(0.1)', hyperbolic.logarithmOfSum(0.1), 0.09531017980432487],
  ['hyperbolic.logarithmOfSum(-0.9)', hyperbolic.logarithmOfSum(-0.9), -2.302585092994046],
  ['hyperbolic.logarithmOfSum(1e-20)', hyperbolic.logarithmOfSum(1e-20), 1e-20],
  ['hyperbolic.logarithmOfSum(5)', hyperbolic.logarithmOfSum(5), 1.791759469228055],
  ['hyperbolic.hyperbolicCosine(0.1)', hyperbolic.hyperbolicCosine(0.1), 1.0050041680558035],
  ['hyperbolic.hyperbolicCosine(1)', hyperbolic.hyperbolicCosine(1), 1.5430806348152437],
  ['hyperbolic.hyperbolicCosine(30)', hyperbolic.hyperbolicCosine(30), 5343237290762.231],
  ['hyperbolic.hyperbolicCosine(710.4)', hyperbolic.hyperbolicCosine(710.4), 1.6663642832806494e308],
  ['hyperbolic.hyperbolicCosine(711)', hyperbolic.hyperbolicCosine(711), Number.POSITIVE_INFINITY],
  ['hyperbolic.hyperbolicTangent(-0.3)', hyperbolic.hyperbolicTangent(-0.3), -0.2913126124515909],
  ['hyperbolic.hyperbolicTangent(25)', hyperbolic.hyperbolicTangent(25), 1],
  ['hyperbolic.inverseHyperbolicSine(2)', hyperbolic.inverseHyperbolicSine(2), 1.4436354751788103],
  ['hyperbolic.inverseHyperbolicSine(-100.5)', hyperbolic.inverseHyperbolicSine(-100.5), -5.303329659002722],
  ['hyperbolic.inverseHyperbolicSine(10000000000)', hyperbolic.inverseHyperbolicSine(10000000000), 23.7189981105004],
  ['hyperbolic.inverseHyperbolicSine(0.1)', hyperbolic.inverseHyperbolicSine(0.1), 0.09983407889920758],
  ['hyperbolic.inverseHyperbolicCosine(1)', hyperbolic.inverseHyperbolicCosine(1), 0],
  ['hyperbolic.inverseHyperbolicCosine(1.5)', hyperbolic.inverseHyperbolicCosine(1.5), 0.9624236501192069],
  ['hyperbolic.inverseHyperbolicCosine(3)', hyperbolic.inverseHyperbolicCosine(3), 1.7627471740390859],
  [
    'hyperbolic.inverseHyperbolicCosine(1000000000)',
    hyperbolic.inverseHyperbolicCosine(1000000000),
    21.416413017506354,
  ],
  ['hyperbolic.inverseHyperbolicTangent(0.3)', hyperbolic.inverseHyperbolicTangent(0.3), 0.30951960420311175],
  ['hyperbolic.inverseHyperbolicTangent(-0.7)', hyperbolic.inverseHyperbolicTangent(-0.7), -0.8673005276940531],
  ['hyperbolic.inverseHyperbolicTangent(1)', hyperbolic.inverseHyperbolicTangent(1), Number.POSITIVE_INFINITY],
];

describe('powers, logarithms and hyperbolic functions have the digits of Node', () => {
  it.each(CASES)('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });
});
