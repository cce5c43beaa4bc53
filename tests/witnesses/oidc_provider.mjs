// A real OpenID Connect provider, the npm package `oidc-provider`, and somebody who signs in at it.
//
//   node oidc_provider.mjs serve FILE [CALLBACK]     writes its issuer to FILE; ends when its standard input does
//   node oidc_provider.mjs browse URL LOGIN     signs in as LOGIN, agrees, prints where it was sent back
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [deed, ...rest] = process.argv.slice(2);
const callbacks = ['http://127.0.0.1/callback', 'http://127.0.0.1/api/v1/session/oidc/callback'];

async function serve([file]) {
  const { default: Provider } = await import('oidc-provider');
  callbacks.push(...rest.slice(1));
  const client = (id, method, algorithm) => ({
    client_id: id,
    client_secret: 'a secret with spaces & signs: +/%',
    redirect_uris: callbacks,
    token_endpoint_auth_method: method,
    id_token_signed_response_alg: algorithm,
  });
  const { generateKeyPair, exportJWK } = await import('jose');
  const keys = [];
  for (const alg of ['RS256', 'ES256', 'EdDSA']) {
    const pair = await generateKeyPair(alg, { extractable: true });
    keys.push({ ...(await exportJWK(pair.privateKey)), alg, use: 'sig', kid: alg });
  }
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
      clients: [
        client('rs256', 'client_secret_basic', 'RS256'),
        client('es256', 'client_secret_post', 'ES256'),
        client('eddsa', 'client_secret_basic', 'EdDSA'),
      ],
      jwks: { keys },
      enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
      cookies: { keys: ['of a test'] },
      pkce: { required: () => true },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: true,
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({
          sub: id,
          email: `${id}@plaza.example`,
          email_verified: id === 'ana',
          name: 'Ana Ruiz',
        }),
      }),
    });
    server.on('request', provider.callback());
    writeFileSync(`${file}.new`, issuer);
    renameSync(`${file}.new`, file);
  });
  process.stdin.on('end', () => process.exit(0)).resume();
}

async function browse([url, login]) {
  const jar = new Map();
  for (let step = 0; step < 20; step += 1) {
    const page = async (at, form) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const reply = await fetch(at, {
        redirect: 'manual',
        method: form ? 'POST' : 'GET',
        body: form && new URLSearchParams(form),
        headers: { cookie },
      });
      for (const line of reply.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value) jar.set(name, value);
        else jar.delete(name);
      }
      return reply;
    };
    let reply = await page(url);
    if (reply.status === 200) {
      const text = await reply.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(text)[1];
      reply = await page(url, { prompt, login, password: 'any' });
    }
    const to = reply.headers.get('location');
    if (!to) throw new Error(`${url} answered ${reply.status}: ${await reply.text()}`);
    url = new URL(to, url).href;
    if (callbacks.some((one) => url.startsWith(one))) return console.log(url);
  }
  throw new Error('sent about without end');
}

await { serve, browse }[deed](rest);
