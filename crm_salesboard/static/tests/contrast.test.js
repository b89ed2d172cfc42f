import { describe, expect, test } from "@odoo/hoot";
import { badgeStyle, contrast, readableColor } from "@crm_salesboard/crm_choice/contrast";

describe.current.tags("headless");

test("the contrast of two colours is what WCAG 2.2 says", () => {
    const cases = [
        ["#000000", "#FFFFFF", 21],
        ["#FFFFFF", "#000000", 21],
        ["#123456", "#123456", 1],
        ["#777777", "#FFFFFF", 4.48],
        ["#767676", "#ffffff", 4.54],
        ["#FF0000", "#FFFFFF", 4],
        ["#1E40AF", "#DBEAFE", 7.15],
    ];
    for (const [one, other, ratio] of cases) {
        expect(Math.round(contrast(one, other) * 100) / 100).toBe(ratio, { message: `${one} on ${other}` });
    }
});

test("a text colour that cannot be read gives way to black or white, whichever reads better", () => {
    expect(readableColor("#1E40AF", "#DBEAFE")).toBe("#1E40AF");
    expect(readableColor("#777777", "#FFFFFF")).toBe("#000000");
    expect(readableColor("#00FF00", "#FFFF00")).toBe("#000000");
    expect(readableColor("#1F2937", "#000080")).toBe("#FFFFFF");
    expect(readableColor(false, "#FEF3C7")).toBe("#000000");
});

test("whatever the background, black or white can be read on it", () => {
    for (let step = 0; step < 256; step += 5) {
        const part = step.toString(16).padStart(2, "0");
        for (const background of [`#${part}${part}${part}`, `#${part}0000`, `#00${part}ff`, `#ff${part}00`]) {
            const ratio = contrast(readableColor(background, background), background);
            expect(ratio).toBeGreaterThan(4.5, { message: background });
        }
    }
});

test("a badge without a background is neutral, one that is no colour too", () => {
    expect(badgeStyle({ text_color: "#1E40AF", background_color: "#DBEAFE" })).toBe(
        "color: #1E40AF; background-color: #DBEAFE;"
    );
    expect(badgeStyle({ text_color: "#1E40AF", background_color: false })).toBe(false);
    expect(badgeStyle({ text_color: false, background_color: "red; position: fixed" })).toBe(false);
    expect(badgeStyle()).toBe(false);
});
