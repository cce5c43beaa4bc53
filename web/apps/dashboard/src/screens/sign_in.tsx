import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { SignInFlow } from '@mobilytics/ui';
import { nextPath, word } from '@mobilytics/ui/address';

/** Why single sign-on has come back without anybody. */
const kOidcTroubles: Record<string, string> = {
    not_invited: 'Nobody has invited you to a company here yet. Ask an admin of yours.',
    access_denied: 'The provider did not let you in.',
};

export function SignIn() {
    const search = useSearch({ strict: false }) as Record<string, unknown>;
    const next = nextPath(search);
    const navigate = useNavigate();
    const reason = word(search['error']);
    return (
        <SignInFlow
            title="Sign in to Mobilytics"
            trouble={
                reason &&
                (kOidcTroubles[reason] ?? `Single sign-on did not work (${reason}). Try again.`)
            }
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
