import { compareCorpus } from './compare.ts';

compareCorpus(0);
