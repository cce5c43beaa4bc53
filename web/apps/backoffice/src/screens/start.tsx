// The first page that one's role opens.

import { Navigate } from '@tanstack/react-router';
import { useSession } from '@mobilytics/ui';
import { pagesOf } from '../shell/pages';

export function Start() {
    const { user } = useSession();
    const first = pagesOf(user.role)[0]?.pages[0];
    return first ? <Navigate to={first.to as never} replace /> : null;
}
