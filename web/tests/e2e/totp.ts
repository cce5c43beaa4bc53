// What an authenticator app does (RFC 6238): six digits of a secret and the half minute.

import { createHmac } from 'node:crypto';

const kAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const kStepMs = 30_000;

function bytesOf(base32: string): Buffer {
    let bits = '';
    for (const letter of base32.replaceAll(/\s/g, '')) {
        bits += kAlphabet.indexOf(letter).toString(2).padStart(5, '0');
    }
    return Buffer.from(bits.match(/.{8}/g)!.map(byte => parseInt(byte, 2)));
}

export function totp(secret: string, at = Date.now()): string {
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(at / kStepMs)));
    const digest = createHmac('sha1', bytesOf(secret)).update(step).digest();
    const from = digest.at(-1)! & 0x0f;
    const number = digest.readUInt32BE(from) & 0x7fff_ffff;
    return String(number % 1_000_000).padStart(6, '0');
}
