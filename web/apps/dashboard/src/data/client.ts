export { client } from '@mobilytics/api';
