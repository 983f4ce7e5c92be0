import { compareCorpus } from './compare.ts';

compareCorpus('release');
