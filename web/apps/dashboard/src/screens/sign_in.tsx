import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { SignInFlow } from '@mobilytics/ui';
import { nextPath } from '@mobilytics/ui/address';

export function SignIn() {
    const search = useSearch({ strict: false }) as Record<string, unknown>;
    const next = nextPath(search);
    const navigate = useNavigate();
    return (
        <SignInFlow
            title="Sign in to Mobilytics"
            done={(_, first) =>
                void navigate({ href: first ? '/welcome' : (next ?? '/'), replace: true })
            }
            forgotten={
                <Link to="/forgotten" className="quiet-link">
                    I have forgotten my password
                </Link>
            }
        />
    );
}
