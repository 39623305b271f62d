// The tests' service by @grpc/grpc-js, on a unix socket: node server.js SOCKET. Says "ready" when it listens; ends with its standard input.
'use strict';
const grpc = require('@grpc/grpc-js');

const text = { serialize: value => Buffer.from(value, 'utf8'), deserialize: bytes => bytes.toString('utf8') };
const method = (name, requestStream, responseStream) => ({
  path: `/strake.test.Talk/${name}`, requestStream, responseStream,
  requestSerialize: text.serialize, requestDeserialize: text.deserialize,
  responseSerialize: text.serialize, responseDeserialize: text.deserialize,
});
const service = { Ask: method('Ask', false, false), Count: method('Count', false, true), Sum: method('Sum', true, false), Chat: method('Chat', true, true) };

const server = new grpc.Server();
server.addService(service, {
  Ask(call, answer) {
    if (call.request === 'metadata') {
      const headers = new grpc.Metadata();
      for (const value of call.metadata.get('key')) headers.add('key', value);
      for (const value of call.metadata.get('raw-bin')) headers.add('raw-bin', value);
      call.sendMetadata(headers);
      const trailers = new grpc.Metadata();
      trailers.add('last', 'words');
      return answer(null, String(call.metadata.get('key').length), trailers);
    }
    if (call.request === 'fail') {
      const metadata = new grpc.Metadata();
      metadata.set('grpc-status-details-bin', Buffer.from([8, 5, 0, 255]));
      return answer({ code: grpc.status.NOT_FOUND, details: 'no such thing: 50% grün\nsecond line', metadata });
    }
    if (call.request === 'wait') {
      call.on('cancelled', () => console.log('cancelled'));
      console.log('waiting');
      return;
    }
    if (call.request.startsWith('long ')) return answer(null, 'x'.repeat(Number(call.request.slice(5))));
    answer(null, call.request);
  },
  Count(call) {
    for (let i = 0; i < Number(call.request); i++) call.write(String(i));
    call.end();
  },
  Sum(call, answer) {
    let sum = 0;
    call.on('data', number => { sum += Number(number); });
    call.on('end', () => answer(null, String(sum)));
  },
  Chat(call) {
    call.on('data', message => call.write(message));
    call.on('end', () => call.end());
  },
});
server.bindAsync(`unix://${process.argv[2]}`, grpc.ServerCredentials.createInsecure(), error => {
  if (error) throw error;
  console.log('ready');
});
process.stdin.on('end', () => process.exit(0)).resume();
