// Passkeys as browsers have them: WebAuthn level 3's JSON, which is what the server gives and takes.

interface JsonHelpers {
    parseCreationOptionsFromJSON(options: object): PublicKeyCredentialCreationOptions;
    parseRequestOptionsFromJSON(options: object): PublicKeyCredentialRequestOptions;
}

function helpers(): JsonHelpers | undefined {
    const type = (globalThis as { PublicKeyCredential?: Partial<JsonHelpers> }).PublicKeyCredential;
    return type?.parseCreationOptionsFromJSON && type.parseRequestOptionsFromJSON
        ? (type as JsonHelpers)
        : undefined;
}

/** Browsers have them over https and on localhost only. */
export function passkeysWork(): boolean {
    return helpers() !== undefined;
}

const refused = (error: unknown) =>
    error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name);

/** Of options as JSON, the credential as JSON. Undefined: the person has thought better of it. */
export async function makePasskey(options: string): Promise<string | undefined> {
    try {
        const made = await navigator.credentials.create({
            publicKey: helpers()!.parseCreationOptionsFromJSON(JSON.parse(options) as object),
        });
        return made ? JSON.stringify((made as PublicKeyCredential).toJSON()) : undefined;
    } catch (error) {
        if (refused(error)) return undefined;
        if (error instanceof DOMException && error.name === 'InvalidStateError') {
            throw new Error('This device has a passkey for you already.');
        }
        throw error;
    }
}

export async function showPasskey(options: string): Promise<string | undefined> {
    try {
        const shown = await navigator.credentials.get({
            publicKey: helpers()!.parseRequestOptionsFromJSON(JSON.parse(options) as object),
        });
        return shown ? JSON.stringify((shown as PublicKeyCredential).toJSON()) : undefined;
    } catch (error) {
        if (refused(error)) return undefined;
        throw error;
    }
}
