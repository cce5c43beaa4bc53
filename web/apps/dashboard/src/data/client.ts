import { createClient } from '@mobilytics/api';

export const client = createClient();
