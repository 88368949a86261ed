// Sources of the helpers that the scripts of the Postman collection share. Postman has no way to share
// code between scripts, so that each carries what it needs.

import { getDiffieHellman } from 'node:crypto';

/** Variables, and calls besides the request itself, signed as that is. */
export const common = (targetPrefix, unsigned) => `const cryptoJs = require('crypto-js');
const value = (name) => pm.variables.get(name);
const keep = (name, it) => {
  pm.expect(it, name).to.be.a('string').and.not.empty;
  pm.collectionVariables.set(name, it);
};
const attributes = (list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
const secretHash = (username) =>
  cryptoJs.HmacSHA256(username + value('clientId'), value('clientSecret')).toString(cryptoJs.enc.Base64);
const unsigned = ${JSON.stringify(unsigned)};
const call = (operation, body, callback) => pm.sendRequest({
  url: value('endpoint'),
  method: 'POST',
  header: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': '${targetPrefix}.' + operation },
  body: { mode: 'raw', raw: JSON.stringify(body) },
  auth: unsigned.includes(operation) ? { type: 'noauth' } : { type: 'awsv4', awsv4: [
    { key: 'accessKey', value: value('accessKeyId') },
    { key: 'secretKey', value: value('secretAccessKey') },
    { key: 'region', value: value('region') },
    { key: 'service', value: 'cognito-idp' },
  ] },
}, callback);`;

/** For pre-request scripts: what has to be there before the request. */
export const before = `const succeeded = (operation, next) => (error, response) => {
  if (error) throw error;
  if (response.code !== 200) throw new Error(operation + ' answered ' + response.text());
  next(response.json());
};
// The newest code that the user was sent: the embedded server shows what AWS would have mailed.
const takeCode = () => pm.sendRequest(
  value('endpoint') + '/_cognest/messages?userPoolId=' + value('userPoolId') + '&username=' + value('username'),
  (error, response) => {
    if (error) throw error;
    const sent = response.json();
    const messages = (Array.isArray(sent) ? sent : sent.messages).filter((message) => message.code);
    if (!messages.length) throw new Error('No code was sent to ' + value('username'));
    keep('code', messages[messages.length - 1].code);
  },
);`;

/** For tests: of the answer, and of what the request has brought about. */
export const after = `const shape = (title, check) => pm.test(title, () => check(pm.response.json()));
const looks = (title, operation, body, check) => pm.test(title, (done) => {
  call(operation, body, (error, response) => {
    try {
      if (error) throw error;
      check(response);
      done();
    } catch (failure) {
      done(failure);
    }
  });
});
const shows = (title, operation, body, check) => looks(title, operation, body, (response) => {
  pm.expect(response.code, response.text()).to.eql(200);
  check(response.json());
});
const refuses = (title, operation, body, type) => looks(title, operation, body, (response) => {
  pm.expect(response.code).to.eql(400);
  pm.expect(response.json().__type).to.include(type);
});`;

/** The SRP verifier of a device: RFC 3526 group 15, g = 2, SHA-256. */
export const srp = `const N = BigInt('0x${getDiffieHellman('modp15').getPrime('hex')}');
const power = (base, exponent) => {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = (square * square) % N) {
    if (left & 1n) result = (result * square) % N;
  }
  return result;
};
// As Java's BigInteger has it: a zero byte in front when the first bit is set.
const padded = (hex) => {
  const even = hex.length % 2 ? '0' + hex : hex;
  return /^[89a-f]/i.test(even) ? '00' + even : even;
};
const base64 = (hex) => cryptoJs.enc.Hex.parse(hex).toString(cryptoJs.enc.Base64);
const deviceVerifier = (groupKey, key) => {
  const password = cryptoJs.lib.WordArray.random(40).toString(cryptoJs.enc.Base64);
  const salt = padded(cryptoJs.lib.WordArray.random(16).toString(cryptoJs.enc.Hex));
  const identity = cryptoJs.SHA256(groupKey + key + ':' + password).toString(cryptoJs.enc.Hex);
  const x = BigInt('0x' + cryptoJs.SHA256(cryptoJs.enc.Hex.parse(salt + identity)).toString(cryptoJs.enc.Hex));
  return { salt: base64(salt), verifier: base64(padded(power(2n, x).toString(16))) };
};`;
