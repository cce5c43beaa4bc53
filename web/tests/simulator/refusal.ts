/** What the stand-in answers with a Problem document. */
export class Refusal extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        detail: string,
        readonly headers: Record<string, string> = {},
        readonly faults: { pointer: string; detail: string }[] = [],
    ) {
        super(detail);
    }
}

/** A body that is not as the contract has it: every fault at once. */
export function invalid(faults: Record<string, string | undefined | false>): void {
    const found = Object.entries(faults).flatMap(([field, detail]) =>
        detail ? [{ pointer: `/${field}`, detail }] : [],
    );
    if (found.length === 0) return;
    throw new Refusal(422, 'invalid_body', 'the body is not as the contract has it', {}, found);
}
