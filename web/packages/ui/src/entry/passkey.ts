// Passkeys as browsers have them: WebAuthn level 3's JSON, which is what the server gives and takes.

interface JsonHelpers {
    parseCreationOptionsFromJSON(options: object): PublicKeyCredentialCreationOptions;
    parseRequestOptionsFromJSON(options: object): PublicKeyCredentialRequestOptions;
    isConditionalMediationAvailable?(): Promise<boolean>;
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

/** Whether the browser offers them in the field of the e-mail, among what it would fill in. */
export async function passkeysAreOffered(): Promise<boolean> {
    return (await helpers()?.isConditionalMediationAvailable?.()) ?? false;
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
        if (error instanceof DOMException && error.name === 'SecurityError') {
            throw new Error(
                'Passkeys do not work at this address. They need the domain’s own name.',
            );
        }
        throw error;
    }
}

interface Showing {
    /** Waits in the field of the e-mail until one is chosen there, instead of asking at once. */
    offered?: boolean;
    signal?: AbortSignal;
}

export async function showPasskey(
    options: string,
    { offered, signal }: Showing = {},
): Promise<string | undefined> {
    try {
        const shown = await navigator.credentials.get({
            publicKey: helpers()!.parseRequestOptionsFromJSON(JSON.parse(options) as object),
            ...(offered ? { mediation: 'conditional' as const } : {}),
            ...(signal ? { signal } : {}),
        });
        return shown ? JSON.stringify((shown as PublicKeyCredential).toJSON()) : undefined;
    } catch (error) {
        if (refused(error)) return undefined;
        if (error instanceof DOMException && error.name === 'SecurityError') {
            throw new Error(
                'Passkeys do not work at this address. They need the domain’s own name.',
            );
        }
        throw error;
    }
}
