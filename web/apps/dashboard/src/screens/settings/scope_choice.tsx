import { Checkbox } from '@mantine/core';
import type { Role } from '@mobilytics/api';
import { scopesOf } from './scopes';

interface ScopeChoiceProps {
    role: Role;
    value: string[];
    set: (scopes: string[]) => void;
    error?: string | undefined;
}

const kVerbs = ['read', 'write', 'export'] as const;

export function ScopeChoice({ role, value, set, error }: ScopeChoiceProps) {
    const groups = scopesOf(role);
    const toggle = (scope: string, on: boolean) =>
        set(on ? [...value, scope] : value.filter(each => each !== scope));
    return (
        <fieldset className="scopes" data-field="scopes">
            <legend>What it may</legend>
            <div className="scopes-box">
                <table>
                    <caption className="hidden">What the key may</caption>
                    <thead>
                        <tr>
                            <th scope="col">Of</th>
                            {kVerbs.map(verb => (
                                <th key={verb} scope="col">
                                    {verb}
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {groups.map(({ resource, verbs }) => (
                            <tr key={resource}>
                                <th scope="row">{resource.replaceAll('_', ' ')}</th>
                                {kVerbs.map(verb => {
                                    const scope = `${resource}:${verb}`;
                                    return (
                                        <td key={verb}>
                                            {verbs.includes(verb) && (
                                                <Checkbox
                                                    size="xs"
                                                    aria-label={scope}
                                                    checked={value.includes(scope)}
                                                    onChange={event =>
                                                        toggle(scope, event.currentTarget.checked)
                                                    }
                                                />
                                            )}
                                        </td>
                                    );
                                })}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {error && (
                <p className="mantine-InputWrapper-error" role="alert">
                    {error}
                </p>
            )}
        </fieldset>
    );
}
