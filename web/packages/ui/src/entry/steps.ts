// What every step after the first is given.

import type { Session } from '@mobilytics/api';

export interface StepProps {
    done: (session: Session) => void;
    /** Somebody else wants to sign in. */
    leave: () => void;
}
