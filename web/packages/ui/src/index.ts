export * from './theme';
export * from './format';
export * from './figure';
export * from './marks';
export * from './panel';
export * from './chart';
