/**
 * Readable colours, after the Web Content Accessibility Guidelines (WCAG) 2.2, W3C Recommendation:
 * "relative luminance" and "contrast ratio" of its glossary, and success criterion 1.4.3, Contrast (Minimum).
 */

export const MINIMUM_CONTRAST = 4.5;

const HEX_COLOR = /^#[0-9a-f]{6}$/i;
const BLACK = "#000000";
const WHITE = "#FFFFFF";

function isColor(color) {
    return typeof color === "string" && HEX_COLOR.test(color);
}

/** @param {string} color as ``#RRGGBB`` @returns {number} from 0, black, to 1, white */
export function luminance(color) {
    const [red, green, blue] = [1, 3, 5].map((at) => {
        const part = parseInt(color.slice(at, at + 2), 16) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @returns {number} from 1, the same colour, to 21, black on white */
export function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}

/** The text colour that was chosen where it can be read on the background, else black or white. */
export function readableColor(text, background) {
    if (isColor(text) && contrast(text, background) >= MINIMUM_CONTRAST) {
        return text;
    }
    return contrast(BLACK, background) >= contrast(WHITE, background) ? BLACK : WHITE;
}

/** The style of a badge, false without a background: then the badge is neutral, in the colours of the theme. */
export function badgeStyle({ text_color, background_color } = {}) {
    return isColor(background_color)
        ? `color: ${readableColor(text_color, background_color)}; background-color: ${background_color};`
        : false;
}
