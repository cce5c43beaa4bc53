// The logo: chosen, seen on light and dark, and away again.

import { Button, FileButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Company } from '@mobilytics/api';
import { sentence, sessionQuery, useMay } from '@mobilytics/ui';
import { companyQuery } from '../../data/queries';

const kTypes = ['image/png', 'image/jpeg', 'image/webp'];
const kBytesMax = 512 * 1024;

/** What can be told before it is sent. */
function fault(file: File): string | undefined {
    if (!kTypes.includes(file.type)) return 'A logo is a PNG, a JPEG or a WebP.';
    if (file.size > kBytesMax) {
        const has = Math.ceil(file.size / 1024).toLocaleString('en');
        return `A logo has 512 KiB at most; this one has ${has}.`;
    }
    return undefined;
}

export function Logo({ company }: { company: Company }) {
    const queries = useQueryClient();
    const mayChange = useMay('put_logo');
    const again = (message: string) => async () => {
        await queries.invalidateQueries({ queryKey: companyQuery.queryKey });
        await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        notifications.show({ message });
    };
    const putting = useMutation({
        mutationFn: async (file: File) => {
            const told = fault(file);
            if (told) throw new Error(told);
            return client.call('put_logo', { body: file });
        },
        onSuccess: again('The logo is in force.'),
    });
    const removing = useMutation({
        mutationFn: () => client.call('remove_logo'),
        onSuccess: again('The logo is removed.'),
    });
    const { logo } = company.brand;
    const error = putting.error ?? removing.error;
    return (
        <div className="logo-row">
            <div
                className="logo-sides"
                role="img"
                aria-label={logo ? 'The logo, on light and dark' : 'No logo yet'}
            >
                <span data-side="light">{logo && <img src={logo} alt="" />}</span>
                <span data-side="dark">{logo && <img src={logo} alt="" />}</span>
            </div>
            <div>
                <b>Logo</b>
                <p className="hint">
                    PNG, JPEG or WebP, 512 KiB and 2048 pixels a side at most. One without a
                    background goes with light and dark.
                </p>
                {mayChange && (
                    <div className="button-row">
                        <FileButton
                            accept={kTypes.join(',')}
                            onChange={file => {
                                removing.reset();
                                if (file) putting.mutate(file);
                            }}
                        >
                            {props => (
                                <Button
                                    {...props}
                                    size="xs"
                                    variant="default"
                                    loading={putting.isPending}
                                >
                                    {logo ? 'Choose another' : 'Choose a picture'}
                                </Button>
                            )}
                        </FileButton>
                        {logo && (
                            <Button
                                size="xs"
                                variant="default"
                                loading={removing.isPending}
                                onClick={() => {
                                    putting.reset();
                                    removing.mutate();
                                }}
                            >
                                Remove it
                            </Button>
                        )}
                    </div>
                )}
                {error && (
                    <p className="form-trouble" role="alert">
                        {sentence(error.message)}
                    </p>
                )}
            </div>
        </div>
    );
}
