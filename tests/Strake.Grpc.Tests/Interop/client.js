// Calls the tests' service by @grpc/grpc-js: node client.js ADDRESS. Prints a line of JSON for each finding.
'use strict';
const grpc = require('@grpc/grpc-js');

const text = { serialize: value => Buffer.from(value, 'utf8'), deserialize: bytes => bytes.toString('utf8') };
const bytes = { serialize: value => value, deserialize: value => value };
const client = new grpc.Client(process.argv[2], grpc.credentials.createInsecure(), { 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
const path = name => `/strake.test.Talk/${name}`;
const tell = (name, value) => console.log(JSON.stringify({ name, value }));

const ask = (request, { metadata = new grpc.Metadata(), options = {}, to = path('Ask'), as = text, then = () => {} } = {}) => new Promise(resolve => {
  const found = {};
  const call = client.makeUnaryRequest(to, as.serialize, as.deserialize, request, metadata, options, (error, response) => {
    if (error) Object.assign(found, { code: error.code, details: error.details, raw: (error.metadata.get('grpc-status-details-bin')[0] || Buffer.alloc(0)).toString('hex') });
    else found.response = as === bytes ? response.toString('hex') : response;
  });
  call.on('metadata', headers => { found.keys = headers.get('key'); });
  call.on('status', status => { found.last = status.metadata.get('last'); resolve(found); });
  then(call);
});

const all = stream => new Promise((resolve, reject) => {
  const messages = [];
  stream.on('data', message => messages.push(message)).on('end', () => resolve(messages)).on('error', reject);
});

(async () => {
  tell('unary', await ask('hello'));
  tell('empty', await ask(''));
  tell('counted', (await all(client.makeServerStreamRequest(path('Count'), text.serialize, text.deserialize, '1000'))).length);

  tell('summed', await new Promise((resolve, reject) => {
    const call = client.makeClientStreamRequest(path('Sum'), text.serialize, text.deserialize, (error, response) => error ? reject(error) : resolve(response));
    for (const number of ['1', '2', '3', '4']) call.write(number);
    call.end();
  }));

  const chat = client.makeBidiStreamRequest(path('Chat'), text.serialize, text.deserialize);
  const heard = all(chat);
  for (const message of ['one', 'two', 'three']) chat.write(message);
  chat.end();
  tell('chatted', await heard);

  tell('failed', await ask('fail'));
  tell('unknown', (await ask('', { to: '/strake.test.Talk/None' })).code);
  tell('long', (await ask('long 3000000')).response.length);
  tell('too long', (await ask('x'.repeat(5000000))).code);
  tell('late', (await ask('wait', { options: { deadline: Date.now() + 200 } })).code);
  tell('given up', (await ask('wait', { then: call => setTimeout(() => call.cancel(), 100) })).code);

  const metadata = new grpc.Metadata();
  for (const value of ['a, b', 'c']) metadata.add('key', value);
  metadata.set('raw-bin', Buffer.from([0, 255]));
  tell('metadata', await ask('metadata', { metadata }));

  tell('healthy', (await ask(Buffer.alloc(0), { to: '/grpc.health.v1.Health/Check', as: bytes })).response);

  const reflection = client.makeBidiStreamRequest('/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', bytes.serialize, bytes.deserialize);
  const told = all(reflection);
  reflection.write(Buffer.from([0x3a, 1, 0x2a]));   // list_services
  reflection.end();
  tell('reflected', Buffer.concat(await told).toString('latin1').includes('grpc.health.v1.Health'));
  client.close();

  const zipped = new grpc.Client(process.argv[2], grpc.credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 });
  tell('zipped', await new Promise(resolve => zipped.makeUnaryRequest(path('Ask'), text.serialize, text.deserialize, 'x'.repeat(1000), error => resolve(error ? error.code : 0))));
  zipped.close();
})().catch(error => { console.error(error); process.exit(1); });
