// A role is chosen by what it may do, not by its name alone.

import { useId } from 'react';
import type { Role } from '@mobilytics/api';
import { kRoles } from '@mobilytics/ui';

interface RoleChoiceProps {
    label: string;
    roles: Role[];
    value: Role;
    set: (role: Role) => void;
}

export function RoleChoice({ label, roles, value, set }: RoleChoiceProps) {
    const name = useId();
    return (
        <fieldset className="radio-cards">
            <legend>{label}</legend>
            {roles.map(role => (
                <label key={role} className="radio-card">
                    <input
                        type="radio"
                        name={name}
                        value={role}
                        checked={value === role}
                        onChange={() => set(role)}
                    />
                    <b>{kRoles[role].word}</b>
                    <span>{kRoles[role].means}</span>
                </label>
            ))}
        </fieldset>
    );
}
