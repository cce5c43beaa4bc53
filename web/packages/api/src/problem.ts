// Whatever may go wrong with a request, as one type that screens can act on.

export interface Fault {
    pointer: string;
    detail: string;
}

/** Of all that is 401 what a sign-in mends; a wrong password or code is told where it was typed. */
const kNoSession = ['no_session', 'status_401'];
/** What a session may lack that was whole before. */
const kUnfinished = ['new_password_needed', 'enrol_second_factor_needed'];

/** `code` never changes and is for programs; `message` is for people. */
export class ApiError extends Error {
    override readonly name = 'ApiError';
    constructor(
        readonly status: number,
        readonly code: string,
        message: string,
        readonly faults: Fault[] = [],
        readonly retryAfterSeconds?: number,
    ) {
        super(message);
    }

    get signedOut(): boolean {
        return this.status === 401 && kNoSession.includes(this.code);
    }

    /** The session is there, but the sign-in has to go on first. */
    get unfinished(): boolean {
        return this.status === 403 && kUnfinished.includes(this.code);
    }

    /** Whether the same request may do better in a moment. */
    get passing(): boolean {
        return this.status === 0 || this.status === 429 || this.status >= 500;
    }
}

/** What is wrong with one field of the body, where the server says so. */
export function faultOf(error: Error | null, field: string): string | undefined {
    if (!(error instanceof ApiError)) return undefined;
    return error.faults.find(fault => fault.pointer === `/${field}`)?.detail;
}

function seconds(header: string | null): number | undefined {
    if (!header) return undefined;
    const value = Number(header);
    return Number.isFinite(value) && value >= 0 ? Math.ceil(value) : undefined;
}

/** Of a reply that is not 2xx: a Problem document (RFC 9457), or whatever a proxy made of it. */
export async function problemOf(reply: Response): Promise<ApiError> {
    let body: { code?: unknown; detail?: unknown; title?: unknown; errors?: unknown } = {};
    try {
        body = (await reply.json()) as typeof body;
    } catch {
        // Not JSON: the status has to do.
    }
    const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
    return new ApiError(
        reply.status,
        text(body.code) ?? `status_${reply.status}`,
        text(body.detail) ?? text(body.title) ?? `The server answered ${reply.status}.`,
        Array.isArray(body.errors) ? (body.errors as Fault[]) : [],
        seconds(reply.headers.get('Retry-After')),
    );
}
