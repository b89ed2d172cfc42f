/**
 * The periods of the Sales Board, as plain data that can be remembered:
 *
 *     null                                            all dates
 *     {unit: "undated"}                               projects without a date
 *     {unit: "week|month|quarter|year", offset: 1}    next week, month, …; moves with the calendar
 *     {unit: "week|month|quarter|year", start: ISO}   one week, month, … of its own
 *     {unit: "range", from: ISO, to: ISO}             from–to, both days included
 */
import { _t } from "@web/core/l10n/translation";
import { getEndOfLocalWeek, getStartOfLocalWeek, serializeDate } from "@web/core/l10n/dates";

const { DateTime } = luxon;

const CALENDAR_UNITS = ["week", "month", "quarter", "year"];

export const UNDATED = { unit: "undated" };

function startOf(date, unit) {
    return unit === "week" ? getStartOfLocalWeek(date) : date.startOf(unit);
}

function endOf(date, unit) {
    return unit === "week" ? getEndOfLocalWeek(date) : date.endOf(unit);
}

/** What the menu offers, in groups. */
export function getPeriodOptions() {
    const options = CALENDAR_UNITS.map((unit) =>
        [0, 1].map((offset) => ({ unit, offset, label: getPeriodLabel({ unit, offset }) }))
    );
    return [...options, [{ ...UNDATED, label: getPeriodLabel(UNDATED) }]];
}

/**
 * First and last day of a period.
 *
 * @param {Object} period
 * @param {DateTime} [now]
 * @returns {[DateTime, DateTime]|null} null without limits
 */
export function getPeriodBounds(period, now = DateTime.local()) {
    if (!period || period.unit === "undated") {
        return null;
    }
    if (period.unit === "range") {
        return [DateTime.fromISO(period.from), DateTime.fromISO(period.to)];
    }
    const day = period.start
        ? DateTime.fromISO(period.start)
        : startOf(now, period.unit).plus({ [`${period.unit}s`]: period.offset });
    return [startOf(day, period.unit), endOf(day, period.unit)];
}

/**
 * @param {Object|null} period
 * @param {string} fieldName a date field
 * @returns {Array} a domain
 */
export function getPeriodDomain(period, fieldName) {
    if (!period) {
        return [];
    }
    const bounds = getPeriodBounds(period);
    if (!bounds) {
        return [[fieldName, "=", false]];
    }
    return ["&", [fieldName, ">=", serializeDate(bounds[0])], [fieldName, "<=", serializeDate(bounds[1])]];
}

/** The same period in its simplest form: a range that is exactly one quarter is that quarter. */
export function normalizePeriod(period, now = DateTime.local()) {
    const bounds = getPeriodBounds(period, now);
    if (!bounds) {
        return period && { ...UNDATED };
    }
    for (const unit of ["year", "quarter", "month", "week"]) {
        const start = startOf(bounds[0], unit);
        if (start.hasSame(bounds[0], "day") && endOf(bounds[0], unit).hasSame(bounds[1], "day")) {
            const offset = [-1, 0, 1].find((n) =>
                startOf(startOf(now, unit).plus({ [`${unit}s`]: n }), unit).hasSame(start, "day")
            );
            return offset === undefined ? { unit, start: start.toISODate() } : { unit, offset };
        }
    }
    return { unit: "range", from: bounds[0].toISODate(), to: bounds[1].toISODate() };
}

/**
 * The period before or after, of the same length.
 *
 * @param {Object|null} period
 * @param {-1|1} step
 */
export function shiftPeriod(period, step, now = DateTime.local()) {
    const bounds = getPeriodBounds(period, now);
    if (!bounds) {
        return { unit: "month", offset: step };
    }
    if (period.unit === "range") {
        const days = Math.round(bounds[1].startOf("day").diff(bounds[0].startOf("day"), "days").days) + 1;
        const [from, to] = bounds.map((day) => day.plus({ days: days * step }).toISODate());
        return normalizePeriod({ unit: "range", from, to }, now);
    }
    const start = bounds[0].plus({ [`${period.unit}s`]: step });
    const offset = [-1, 0, 1].find((n) =>
        startOf(now, period.unit)
            .plus({ [`${period.unit}s`]: n })
            .hasSame(start, "day")
    );
    const { unit } = period;
    return offset === undefined ? { unit, start: start.toISODate() } : { unit, offset };
}

/** What the period is called. */
export function getPeriodLabel(period, now = DateTime.local()) {
    if (!period) {
        return _t("All dates");
    }
    const { unit, offset } = period;
    if (unit === "undated") {
        return _t("Without a date");
    }
    const relative = {
        week: { "-1": _t("Last week"), 0: _t("This week"), 1: _t("Next week") },
        month: { "-1": _t("Last month"), 0: _t("This month"), 1: _t("Next month") },
        quarter: { "-1": _t("Last quarter"), 0: _t("This quarter"), 1: _t("Next quarter") },
        year: { "-1": _t("Last year"), 0: _t("This year"), 1: _t("Next year") },
    }[unit]?.[offset];
    if (relative) {
        return relative;
    }
    const [from, to] = getPeriodBounds(period, now);
    switch (unit) {
        case "month":
            return from.toLocaleString({ month: "long", year: "numeric" });
        case "quarter":
            return _t("Q%(quarter)s %(year)s", { quarter: from.quarter, year: from.year });
        case "year":
            return String(from.year);
        default:
            return `${from.toLocaleString(DateTime.DATE_MED)} – ${to.toLocaleString(DateTime.DATE_MED)}`;
    }
}
