// Verifies with the npm package standardwebhooks what we send. Reads a line of JSON for each:
// {secret, headers, body}; says "good", or why not.
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  try {
    new Webhook(secret).verify(body, headers);
    console.log("good");
  } catch (error) {
    console.log(error.message);
  }
}
