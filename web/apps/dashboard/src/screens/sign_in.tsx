import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { SignInFlow } from '@mobilytics/ui';
import { nextPath, word } from '@mobilytics/ui/address';

/** Why the provider has brought nobody back. */
const kTroubles: Record<string, string> = {
    sso_expired: 'That took too long, or was begun in another browser. Try again.',
    sso_refused: 'The provider did not let you in, or you have cancelled it there.',
    sso_unavailable: 'The provider does not answer. Try again in a moment, or use your password.',
    sso_failed: 'The provider’s answer could not be trusted. Tell an admin of your company.',
    sso_no_account:
        'Nobody here goes by that account, and no invitation waits for it. Ask an admin of your company to invite you.',
    no_company: 'You belong to no company here any more. Ask an admin to invite you.',
};

export function SignIn() {
    const search = useSearch({ strict: false }) as Record<string, unknown>;
    const next = nextPath(search);
    const navigate = useNavigate();
    const reason = word(search['error']);
    return (
        <SignInFlow
            title="Sign in to Mobilytics"
            next={next}
            trouble={reason && (kTroubles[reason] ?? 'Single sign-on did not work. Try again.')}
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
