import { compareCorpus } from './compare.ts';

compareCorpus('development');
