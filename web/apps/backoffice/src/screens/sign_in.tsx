import { useNavigate, useSearch } from '@tanstack/react-router';
import { SignInFlow } from '@mobilytics/ui';
import { nextPath } from '@mobilytics/ui/address';

export function SignIn() {
    const next = nextPath(useSearch({ strict: false }));
    const navigate = useNavigate();
    return (
        <SignInFlow
            title="Sign in to the backoffice"
            next="/backoffice/"
            done={() => void navigate({ href: next ?? '/', replace: true })}
            forgotten={
                <a href="/forgotten" className="quiet-link">
                    I have forgotten my password
                </a>
            }
        />
    );
}
