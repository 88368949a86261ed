import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { expectError, serve, TestPool } from './support.js';

const server = await serve();
const { sdk } = server;
const pool = await TestPool.create(server, { UserPoolTags: { team: 'a' } });
const ResourceArn = `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${pool.id}`;

describe('tags', () => {
  it('are added, replaced, listed and taken away, and are those of the pool', async () => {
    await sdk.tagResource({ ResourceArn, Tags: { team: 'b', stage: 'test' } });
    expect((await sdk.listTagsForResource({ ResourceArn })).Tags).toEqual({ team: 'b', stage: 'test' });
    const { UserPool } = await sdk.describeUserPool({ UserPoolId: pool.id });
    expect(UserPool?.UserPoolTags).toEqual({ team: 'b', stage: 'test' });
    expect(UserPool?.Arn).toBe(ResourceArn);
    await sdk.untagResource({ ResourceArn, TagKeys: ['team', 'nothing'] });
    expect((await sdk.listTagsForResource({ ResourceArn })).Tags).toEqual({ stage: 'test' });
  });

  it('are 50 at most', async () => {
    const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`key${n}`, 'x']));
    const refused = ['InvalidParameterException', 'A user pool can have 50 tags at most.'] as const;
    await expectError(sdk.tagResource({ ResourceArn, Tags }), ...refused);
    await expectError(sdk.createUserPool({ PoolName: 'pool', UserPoolTags: Tags }), ...refused);
  });

  it('need the ARN of a pool that is there', async () => {
    const unknown = ResourceArn.replace(pool.id, 'us-east-1_nothing00');
    for (const call of [
      sdk.tagResource({ ResourceArn: unknown, Tags: {} }),
      sdk.untagResource({ ResourceArn: unknown, TagKeys: [] }),
      sdk.listTagsForResource({ ResourceArn: unknown }),
    ]) {
      await expectError(call, 'ResourceNotFoundException', 'User pool us-east-1_nothing00 does not exist.');
    }
    for (const arn of [
      ResourceArn.replace('000000000000', '123456789012'),
      ResourceArn.replace('us-east-1:', 'eu-west-1:'),
      'arn:aws:s3:::bucket0000000:0:x',
    ]) {
      await expect(sdk.listTagsForResource({ ResourceArn: arn })).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
  });
});

describe('GetSigningCertificate', () => {
  it("answers a certificate of the pool's own key, the same each time", async () => {
    const { Certificate } = await sdk.getSigningCertificate({ UserPoolId: pool.id });
    const certificate = new X509Certificate(Buffer.from(Certificate as string, 'base64'));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe(`CN=${pool.id}`);
    expect(certificate.issuer).toBe(certificate.subject);
    const [from, to] = [certificate.validFrom, certificate.validTo].map((text) => new Date(text));
    expect(Number(to?.getUTCFullYear()) - Number(from?.getUTCFullYear())).toBe(10);
    const response = await fetch(`${server.cognito.endpoint}/${pool.id}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: { n: string }[] };
    expect(keys.map(({ n }) => n)).toContain(certificate.publicKey.export({ format: 'jwk' }).n);
    expect((await sdk.getSigningCertificate({ UserPoolId: pool.id })).Certificate).toBe(Certificate);
  });

  it('needs a pool that is there', async () => {
    await expectError(
      sdk.getSigningCertificate({ UserPoolId: 'us-east-1_nothing00' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothing00 does not exist.',
    );
  });
});
