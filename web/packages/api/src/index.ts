export * from './types';
export * from './problem';
export * from './client';
export * from './live';
export { freshKey } from './repeatable';
