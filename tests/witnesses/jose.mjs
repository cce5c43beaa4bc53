// What the npm package `jose` says of our tokens, and tokens that it makes for us.
//
//   node jose.mjs verify   reads {token, jwks, issuer, audience, typ, now}, writes the claims, or {error}
//   node jose.mjs verify_remote   the same with {jwks_uri} in the place of {jwks}
//   node jose.mjs make     writes {jwks, good: {alg: token}, bad: {why: token}}, good at `at`
import { readFileSync } from 'node:fs';
import * as jose from 'jose';

const at = 1_780_000_000;
const issuer = 'https://id.example';
const audience = 'mobilytics';

async function verify(keys = (asked) => jose.createLocalJWKSet(asked.jwks)) {
  const asked = JSON.parse(readFileSync(0, 'utf8'));
  try {
    const { payload } = await jose.jwtVerify(asked.token, keys(asked), {
      issuer: asked.issuer,
      audience: asked.audience,
      typ: asked.typ,
      currentDate: new Date(asked.now * 1000),
      algorithms: ['ES256', 'EdDSA'],
    });
    return payload;
  } catch (error) {
    return { error: error.code };
  }
}

function verifyRemote() {
  return verify((asked) => jose.createRemoteJWKSet(new URL(asked.jwks_uri)));
}

function token(alg, kid, header = {}) {
  return new jose.SignJWT({ email: 'ana@plaza.example' })
    .setProtectedHeader({ alg, kid, typ: 'JWT', ...header })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('ana')
    .setIssuedAt(at)
    .setExpirationTime(at + 300);
}

async function make() {
  const keys = [];
  const good = {};
  const privates = {};
  for (const alg of ['ES256', 'EdDSA', 'RS256', 'PS256', 'ES384']) {
    const pair = await jose.generateKeyPair(alg, { extractable: true });
    keys.push({ ...(await jose.exportJWK(pair.publicKey)), kid: alg, alg, use: 'sig' });
    privates[alg] = pair.privateKey;
    good[alg] = await token(alg, alg).sign(pair.privateKey);
  }
  const stranger = await jose.generateKeyPair('ES256', { extractable: true });
  const rsa = keys.find((key) => key.alg === 'RS256');
  const secret = new TextEncoder().encode(
    await jose.exportSPKI(await jose.importJWK(rsa, 'RS256')),
  );
  const bad = {
    // RFC 8725, 2.1: no signature at all, and a public key taken for a shared secret.
    none: new jose.UnsecuredJWT({})
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('ana')
      .setIssuedAt(at)
      .setExpirationTime(at + 300)
      .encode(),
    hs256: await token('HS256', 'RS256').sign(secret),
    stranger: await token('ES256', 'ES256').sign(stranger.privateKey),
    jwk: await token('ES256', 'stranger', {
      jwk: await jose.exportJWK(stranger.publicKey),
    }).sign(stranger.privateKey),
    jku: await token('ES256', 'stranger', { jku: 'https://evil.example/jwks' }).sign(
      stranger.privateKey,
    ),
    other_key: await token('ES256', 'RS256').sign(privates.ES256),
  };
  return { at, issuer, audience, jwks: { keys }, good, bad };
}

const deeds = { verify, verify_remote: verifyRemote, make };
console.log(JSON.stringify(await deeds[process.argv[2]]()));
