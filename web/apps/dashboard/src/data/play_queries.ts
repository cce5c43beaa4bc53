// What pages ask about play logs.

import { queryOptions } from '@tanstack/react-query';
import { client } from './client';

export const playLogsQuery = (faceId: string) =>
    queryOptions({
        queryKey: ['play_logs', faceId],
        queryFn: ({ signal }) => client.all('list_play_logs', signal, { face_id: faceId }),
        staleTime: 30_000,
    });
