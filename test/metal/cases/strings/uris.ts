// encodeURIComponent and its kin.
import { test } from '../../test.ts';

test('encodeURIComponent: keeps letters, digits and few marks', () => {
  console.log(
    encodeURIComponent("AZaz09-_.!~*'()"),
    encodeURIComponent(';/?:@&=+$,# %<>"'),
    encodeURIComponent(''),
    encodeURIComponent('\0\n'),
  );
});

test('encodeURIComponent: writes UTF-8', () => {
  console.log(encodeURIComponent('é€😀'), encodeURIComponent('\u07ff\u0800\uffff'));
});

test('encodeURIComponent: a lone surrogate throws URIError', () => {
  for (const text of ['\ud83d', '\ude00', 'a\ud83d!', '\ude00\ud83d']) {
    try {
      console.log(encodeURIComponent(text));
    } catch (error) {
      console.log(String(error), error instanceof URIError);
    }
  }
});

test('encodeURIComponent: takes numbers and booleans', () => {
  console.log(encodeURIComponent(1.5), encodeURIComponent(true));
});

test('encodeURI: keeps the marks of addresses', () => {
  console.log(encodeURI("http://a.b/c?d=e&f=g#h;i,j+k$l@m:n!~*'()"), encodeURI('[] {}|\\^`"<>%é😀'));
});

test('encodeURI: a lone surrogate throws URIError', () => {
  console.log(encodeURI('\ud83d'));
});

test('decodeURIComponent: reads UTF-8', () => {
  console.log(
    decodeURIComponent('%41%c3%A9%E2%82%AC%F0%9F%98%80'),
    decodeURIComponent('a+b%20c'),
    decodeURIComponent('%3B%2F%3F'),
    decodeURIComponent(''),
  );
});

test('decodeURIComponent: refuses broken text', () => {
  for (const text of [
    '%',
    '%4',
    '%GG',
    '%C3',
    '%C3%28',
    '%80',
    '%E2%82',
    '%F0%9F%98',
    '%ED%A0%80',
    '%F8%80%80%80%80',
    '%C0%80',
    '%F4%90%80%80',
    'a%c3',
  ]) {
    try {
      console.log(text, decodeURIComponent(text));
    } catch (error) {
      console.log(text, String(error), error instanceof URIError);
    }
  }
});

test('decodeURI: leaves the marks of addresses as they are', () => {
  console.log(decodeURI('%3B%2F%3F%3a%40%26%3D%2B%24%2C%23'), decodeURI('%41%20%C3%A9%25%5B'));
});

test('decodeURI: refuses broken text', () => {
  console.log(decodeURI('%E9'));
});

test('decodeURIComponent: undoes encodeURIComponent', () => {
  let text = '';
  for (let i = 0; i < 256; i++) text += String.fromCharCode(i);
  text += '€😀\uffff\u0800';
  console.log(decodeURIComponent(encodeURIComponent(text)) === text, decodeURI(encodeURI(text)) === text);
});
