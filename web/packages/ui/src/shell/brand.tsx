// A company's colour over ours, for Mantine's components and for our tokens alike.

import { accentStyle, isColour } from '../brand';

export function BrandStyle({ accent }: { accent: string | undefined }) {
    return accent && isColour(accent) ? <style>{accentStyle(accent)}</style> : null;
}
