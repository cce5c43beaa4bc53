// Chromium with a virtual authenticator, on a page of ours: makes a passkey, signs in with it without
// naming anybody, signs in with a copy of it. Prints what the server answered each time.
//
//   node passkey_browser.mjs http://localhost:PORT/page
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))(
  'playwright-core',
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const page = await browser.newPage();
  await page.goto(process.argv[2]);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const plug = async () => {
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return authenticatorId;
  };

  const first = await plug();
  const said = { registration: await page.evaluate(() => register()) };
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId: first });
  const [copied] = credentials;
  said.discoverable = copied.isResidentCredential;
  said.first = await page.evaluate(() => signIn());
  said.second = await page.evaluate(() => signIn());
  // Registered again, the authenticator itself refuses.
  said.again = await page.evaluate(() => register());

  await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: first });
  const other = await plug();
  await devtools.send('WebAuthn.addCredential', {
    authenticatorId: other,
    credential: copied,
  });
  said.copy = await page.evaluate(() => signIn());
  console.log(JSON.stringify(said));
} finally {
  await browser.close();
}
