// What can be done with a row, behind three dots.

import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';

export interface RowDeed {
    label: string;
    run: () => void;
    danger?: boolean;
    disabled?: boolean;
}

export function RowMenu({ of, deeds }: { of: string; deeds: (RowDeed | false | undefined)[] }) {
    const shown = deeds.filter(deed => deed !== false && deed !== undefined);
    if (shown.length === 0) return null;
    const plain = shown.filter(deed => !deed.danger);
    const dangers = shown.filter(deed => deed.danger);
    return (
        <Menu width={210} returnFocus>
            <Menu.Target>
                <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${of}`}>
                    <IconDots size={17} stroke={1.7} />
                </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
                {plain.map(({ label, run, disabled }) => (
                    <Menu.Item key={label} onClick={run} disabled={disabled}>
                        {label}
                    </Menu.Item>
                ))}
                {plain.length > 0 && dangers.length > 0 && <Menu.Divider />}
                {dangers.map(({ label, run, disabled }) => (
                    <Menu.Item key={label} color="red" onClick={run} disabled={disabled}>
                        {label}
                    </Menu.Item>
                ))}
            </Menu.Dropdown>
        </Menu>
    );
}
