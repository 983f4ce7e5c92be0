export default class Defaulted {
  text = 'defaulted';
}
