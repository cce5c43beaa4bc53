// For which company one works: all those one belongs to, and which of them it is now.

import { useState } from 'react';
import { Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';

export interface CompanyChoice {
    id: string;
    name: string;
    /** What one is there. */
    about: string;
}

interface CompanySwitcherProps {
    product: string;
    logo: string | undefined;
    current: string;
    currentName: string;
    companies: CompanyChoice[];
    /** Those below that let themselves be seen. */
    below?: CompanyChoice[];
    choose: (id: string) => void;
    pending?: boolean;
}

const kFindFrom = 8;

export function CompanySwitcher(props: CompanySwitcherProps) {
    const { product, logo, current, currentName, companies, below = [], choose } = props;
    const [find, setFind] = useState('');
    const brand = (
        <>
            <img src={logo ?? '/mark.svg'} alt="" width="24" height="24" />
            <div>
                <strong>{product}</strong>
                <span title={currentName}>{currentName}</span>
            </div>
        </>
    );
    if (companies.length + below.length < 2) return <div className="brand">{brand}</div>;
    const finds = ({ name }: CompanyChoice) => name.toLowerCase().includes(find.toLowerCase());
    const shown = companies.filter(finds);
    const seen = below.filter(finds);
    return (
        <Menu
            width={264}
            position="bottom-start"
            returnFocus
            // What it would put in is no child of a menu.
            withInitialFocusPlaceholder={false}
        >
            <Menu.Target>
                <UnstyledButton className="brand brand-button" disabled={props.pending}>
                    {brand}
                    <span className="hidden">Change the company</span>
                    <IconSelector size={15} stroke={1.7} aria-hidden />
                </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
                {companies.length + below.length >= kFindFrom && (
                    <TextInput
                        size="xs"
                        m={4}
                        placeholder="Find a company"
                        aria-label="Find a company"
                        value={find}
                        onChange={event => setFind(event.currentTarget.value)}
                    />
                )}
                <div className="switcher-list">
                    <div role="group" aria-label="Companies">
                        <Menu.Label aria-hidden>Companies</Menu.Label>
                        {shown.map(({ id, name, about }) => (
                            <Menu.Item
                                key={id}
                                onClick={() => id !== current && choose(id)}
                                rightSection={
                                    id === current ? (
                                        <IconCheck size={15} aria-label="This one" />
                                    ) : undefined
                                }
                            >
                                <span className="switcher-name">{name}</span>
                                <span className="muted">{about}</span>
                            </Menu.Item>
                        ))}
                    </div>
                    {seen.length > 0 && (
                        <div role="group" aria-label="Companies below">
                            <Menu.Label aria-hidden>Companies below</Menu.Label>
                            {seen.map(({ id, name, about }) => (
                                <Menu.Item key={id} onClick={() => choose(id)}>
                                    <span className="switcher-name">{name}</span>
                                    <span className="muted">{about}</span>
                                </Menu.Item>
                            ))}
                        </div>
                    )}
                </div>
            </Menu.Dropdown>
        </Menu>
    );
}
