import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { KafkaContext, MqttContext, NatsContext, RmqContext, TcpContext } from '@nestjs/microservices';
import { describe, expect, it } from 'vitest';
import { rpcTransport } from '../../src/transports/rpc.transport.js';
import type { MessageToken } from '../../src/transports/transport.js';

// Brokers do not run here: the contexts are Nest's own, and what is in them is as the drivers give it.
const natsHeaders = (entries: [string, string][]) => ({
  keys: () => entries.map(([key]) => key),
  values: (key: string) => entries.filter(([name]) => name === key).map(([, value]) => value),
});
const grpcMetadata = (entries: Record<string, string[]>) => ({
  getMap: () => ({}),
  get: (key: string) => entries[key] ?? [],
});

function read(context: unknown, data: unknown = {}, messageToken?: MessageToken) {
  const host = new ExecutionContextHost([data, context]) as ExecutionContext;
  return rpcTransport.carrierOf(host, { carrierOf: () => ({ authorization: [] }), messageToken });
}

describe('the credentials of a message', () => {
  it.each<[string, unknown]>([
    ['NATS', new NatsContext(['subject', natsHeaders([['Authorization', 'Bearer a']])])],
    ['gRPC', grpcMetadata({ authorization: ['Bearer a'] })],
    ['RabbitMQ', new RmqContext([{ properties: { headers: { authorization: 'Bearer a' } } }, {}, 'p'])],
    [
      'Kafka',
      new KafkaContext([
        { headers: { authorization: Buffer.from('Bearer a') } } as never,
        0,
        't',
        {} as never,
        (async () => {}) as never,
        {} as never,
      ]),
    ],
    ['MQTT', new MqttContext(['t', { properties: { userProperties: { authorization: 'Bearer a' } } }])],
  ])('of %s are those of its metadata', (_, context) => {
    expect(read(context)).toEqual({ authorization: ['Bearer a'] });
  });

  it('are all that there are, so that two are seen as two', () => {
    const both = natsHeaders([
      ['authorization', 'Bearer a'],
      ['Authorization', 'Bearer b'],
    ]);
    expect(read(new NatsContext(['subject', both]))).toEqual({ authorization: ['Bearer a', 'Bearer b'] });
    expect(read(grpcMetadata({ authorization: ['Bearer a', 'Bearer b'] })).authorization).toHaveLength(2);
  });

  it('of a gRPC call that is given to its handler as it is are those of the call', () => {
    const metadata = grpcMetadata({ authorization: ['Bearer a'] });
    const call = { metadata, sendMetadata: () => {} };
    const answer = () => {};
    for (const args of [[call], [call, answer]]) {
      const host = new ExecutionContextHost(args) as ExecutionContext;
      const none = { carrierOf: () => ({ authorization: [] }), messageToken: undefined };
      expect(rpcTransport.carrierOf(host, none)).toEqual({ authorization: ['Bearer a'] });
      const own = ({ context }: { context: unknown }) =>
        (context as typeof metadata).get('authorization')[0]?.slice(7);
      expect(rpcTransport.carrierOf(host, { ...none, messageToken: own })).toMatchObject({ tokens: ['a'] });
    }
    // What a client sends can look like one, but has no functions.
    const sent = JSON.parse(
      '{"metadata":{"authorization":"Bearer a","getMap":1},"sendMetadata":1}',
    ) as unknown;
    expect(read(new TcpContext([{} as never, 'p']), sent)).toEqual({ authorization: [] });
  });

  it('that are no text are ill-formed, and not none', () => {
    const odd = new RmqContext([{ properties: { headers: { authorization: { a: 1 } } } }, {}, 'p']);
    expect(read(odd)).toEqual({ authorization: ['Bearer'] });
  });

  it.each<[string, unknown, unknown]>([
    [
      'TCP without an extractor',
      new TcpContext([{} as never, 'p']),
      { authorization: 'Bearer a', token: 'a' },
    ],
    ['no context', undefined, { authorization: 'Bearer a' }],
    ['no headers', new NatsContext(['subject', undefined]), 'text'],
  ])('of %s are none', (_, context, data) => {
    expect(read(context, data)).toEqual({ authorization: [] });
  });

  it('are what messageToken finds, and nothing else then', () => {
    const context = grpcMetadata({ authorization: ['Bearer a'] });
    expect(read(context, { token: 'b' }, ({ data }) => (data as { token: string }).token)).toEqual({
      authorization: [],
      tokens: ['b'],
    });
    expect(read(context, {}, () => undefined)).toEqual({ authorization: [] });
  });

  it('are refused when messageToken does not return text: aloud where that is the fault of the app', () => {
    expect(() => read({}, {}, (() => Promise.resolve('a')) as never)).toThrow('it returned a promise');
    for (const token of [7, null, ['a'], {}]) {
      expect(read({}, {}, (() => token) as never)).toEqual({ authorization: [], tokens: [''] });
    }
  });
});
