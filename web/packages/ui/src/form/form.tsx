import type { ReactNode } from 'react';
import { Button, Group } from '@mantine/core';
import type { FormOf, Values } from './use_form';

interface FormProps<V extends Values, R> {
    form: FormOf<V, R>;
    submit: string;
    children: ReactNode;
    /** Beside the button. */
    others?: ReactNode;
    disabled?: boolean;
    color?: string;
    size?: 'xs' | 'sm' | 'md';
    full?: boolean;
    label?: string;
}

export function Form<V extends Values, R>(props: FormProps<V, R>) {
    const { form, submit, children, others, disabled, size = 'xs', full } = props;
    return (
        <form
            ref={form.ref}
            className="form"
            noValidate
            aria-label={props.label}
            onSubmit={event => {
                event.preventDefault();
                event.stopPropagation();
                form.submit();
            }}
        >
            {children}
            <div className="form-end">
                {form.trouble && (
                    <p className="form-trouble" role="alert">
                        {form.wait > 0
                            ? `Too many attempts. Try again in ${form.wait} s.`
                            : form.trouble}
                    </p>
                )}
                <Group gap="xs">
                    <Button
                        type="submit"
                        size={size}
                        fullWidth={full}
                        loading={form.pending}
                        disabled={disabled || form.wait > 0}
                        {...(props.color ? { color: props.color } : {})}
                    >
                        {submit}
                    </Button>
                    {others}
                </Group>
            </div>
        </form>
    );
}
