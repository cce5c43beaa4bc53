// A form whose faults come from the server: each stands beside its field, what is of no field
// above the button. What was typed stays, so that it can be mended and sent again.

import { useEffect, useRef, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { ApiError } from '@mobilytics/api';

type Value = string | boolean | string[] | number | undefined;
export type Values = Record<string, Value>;
export type Faults<V> = Partial<Record<keyof V & string, string>>;

interface FormOptions<V extends Values, R> {
    initial: V;
    send: (values: V) => Promise<R>;
    done?: (reply: R, values: V) => void;
    /** What can be told before it is sent. */
    check?: (values: V) => Faults<V>;
    /** Fields that the contract names otherwise, or that a code of the server is about. */
    places?: Record<string, keyof V & string>;
}

/** "/scopes/2" as its form has it: scopes. */
function fieldOf(pointer: string): string {
    return pointer.replace(/^\//, '').split('/')[0] ?? '';
}

/** Which faults belong to which field. */
export function faultsByField<V extends Values>(
    error: Error | null,
    initial: V,
    places: Record<string, string> = {},
): { faults: Faults<V>; rest: string | undefined } {
    if (!error) return { faults: {}, rest: undefined };
    if (!(error instanceof ApiError)) return { faults: {}, rest: error.message };
    const faults: Record<string, string> = {};
    const others: string[] = [];
    for (const { pointer, detail } of error.faults) {
        const named = fieldOf(pointer);
        const field = places[named] ?? named;
        if (field in initial) faults[field] = sentence(detail);
        else others.push(`${named}: ${detail}`);
    }
    const byCode = places[error.code];
    if (byCode && !faults[byCode]) faults[byCode] = sentence(error.message);
    const told = Object.keys(faults).length > 0 && others.length === 0;
    const rest = told ? undefined : [sentence(error.message), ...others].join(' ');
    return { faults: faults as Faults<V>, rest };
}

/** Details of the server are parts of a sentence. */
export function sentence(text: string): string {
    const trimmed = text.trim();
    if (!trimmed) return trimmed;
    const whole = trimmed[0]!.toUpperCase() + trimmed.slice(1);
    return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

export function useForm<V extends Values, R>(options: FormOptions<V, R>) {
    const [values, setValues] = useState(options.initial);
    const [local, setLocal] = useState<Faults<V>>({});
    const [wait, setWait] = useState(0);
    const form = useRef<HTMLFormElement>(null);
    const sending = useMutation({
        mutationFn: (given: V) => options.send(given),
        onSuccess: (reply, given) => options.done?.(reply, given),
        onError: error => {
            if (error instanceof ApiError && error.status === 429) {
                setWait(error.retryAfterSeconds ?? 30);
            }
        },
    });
    useEffect(() => {
        if (wait <= 0) return;
        const timer = setTimeout(() => setWait(wait - 1), 1000);
        return () => clearTimeout(timer);
    }, [wait]);
    const { faults, rest } = faultsByField(sending.error, options.initial, options.places);
    const all: Faults<V> = { ...faults, ...local };
    const first = Object.keys(all)[0];
    useEffect(() => {
        if (!first) return;
        form.current
            ?.querySelector<HTMLElement>(`[data-field="${first}"] input, [data-field="${first}"]`)
            ?.focus();
    }, [first, sending.failureCount]);

    const set = <K extends keyof V & string>(name: K, value: V[K]) => {
        setValues(before => ({ ...before, [name]: value }));
        if (local[name]) setLocal(({ [name]: _, ...others }) => others as Faults<V>);
    };
    return {
        ref: form,
        values,
        set,
        reset: (next: V = options.initial) => {
            setValues(next);
            setLocal({});
            sending.reset();
        },
        pending: sending.isPending,
        error: sending.error,
        /** Of no field. */
        trouble: rest,
        /** Seconds until it may be tried again. */
        wait,
        submit() {
            const found = options.check?.(values) ?? {};
            setLocal(found);
            if (Object.keys(found).length === 0 && wait === 0) sending.mutate(values);
        },
        /** For inputs of text. */
        text: <K extends keyof V & string>(name: K) => ({
            name,
            'data-field': name,
            value: (values[name] ?? '') as string,
            onChange: (event: { currentTarget: { value: string } }) =>
                set(name, event.currentTarget.value as V[K]),
            error: all[name],
        }),
        /** For what hands over its value: a Select, a list of chips. */
        choice: <K extends keyof V & string>(name: K) => ({
            'data-field': name,
            value: values[name],
            onChange: (value: unknown) => set(name, (value ?? '') as V[K]),
            error: all[name],
        }),
        check: <K extends keyof V & string>(name: K) => ({
            'data-field': name,
            checked: Boolean(values[name]),
            onChange: (event: { currentTarget: { checked: boolean } }) =>
                set(name, event.currentTarget.checked as V[K]),
            error: all[name],
        }),
    };
}

export type FormOf<V extends Values, R> = ReturnType<typeof useForm<V, R>>;
