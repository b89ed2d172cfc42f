/**
 * What a control of a search list is set to, as plain data that can be saved:
 *
 *     dropdown   [{value, label}, …]   false is the value of records without one
 *     text       "a text"
 *     range      {from, to}            both ends included, each "" where open; days are ISO dates
 *
 * Nothing set is null.
 */
import { Domain } from "@web/core/domain";
import { deserializeDate, formatDate, serializeDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

const { DateTime } = luxon;
const LABELS_SHOWN = 3;
const NUMBER = { digits: [16, 6], trailingZeros: false };

/**
 * @param {"dropdown"|"text"|"range"} mode
 * @param {any} value
 * @returns {any} the same, or null where nothing is asked for
 */
export function normalizeValue(mode, value) {
    if (mode === "dropdown") {
        return value?.length ? value : null;
    }
    if (mode === "text") {
        return value?.trim() || null;
    }
    const [from, to] = [value?.from ?? "", value?.to ?? ""].map(String);
    return from || to ? { from, to } : null;
}

const isDay = (type) => ["date", "datetime"].includes(type);

/**
 * @param {string} type of the field
 * @param {{from: string, to: string}} range
 * @returns {string} what is wrong with it, empty if nothing
 */
export function rangeError(type, { from, to }) {
    const ordered = isDay(type) ? from <= to : Number(from) <= Number(to);
    return from && to && !ordered ? _t("The first value must not be above the last one.") : "";
}

/** The ends of a range as the server compares them; of a moment in time those of the user's days. */
function rangeEnds(type, { from, to }) {
    if (type === "date") {
        return [from && serializeDate(DateTime.fromISO(from)), to && serializeDate(DateTime.fromISO(to))];
    }
    if (type === "datetime") {
        return [
            from && serializeDateTime(DateTime.fromISO(from).startOf("day")),
            to && serializeDateTime(DateTime.fromISO(to).endOf("day")),
        ];
    }
    return [from && Number(from), to && Number(to)];
}

/**
 * @param {{path: string, type: string, mode: string}} control
 * @param {any} value not null
 * @returns {string} a domain
 */
export function getValueDomain({ path, type, mode }, value) {
    if (mode === "dropdown") {
        return new Domain([[path, "in", value.map((choice) => choice.value)]]).toString();
    }
    if (mode === "text") {
        return new Domain([[path, "ilike", value]]).toString();
    }
    const [from, to] = rangeEnds(type, value);
    const ends = [];
    if (from !== "") {
        ends.push([path, ">=", from]);
    }
    if (to !== "") {
        ends.push([path, "<=", to]);
    }
    return Domain.and(ends.map((end) => [end])).toString();
}

/**
 * @param {{label: string, type: string, mode: string}} control
 * @param {any} value not null
 * @returns {string} what the search bar says of it
 */
export function describeValue({ label, type, mode }, value) {
    return _t("%(field)s: %(value)s", { field: label, value: describe(type, mode, value) });
}

function describe(type, mode, value) {
    if (mode === "text") {
        return value;
    }
    if (mode === "dropdown") {
        const labels = value.slice(0, LABELS_SHOWN).map((choice) => choice.label);
        const others = value.length - labels.length;
        return labels.join(", ") + (others ? _t(" and %s more", others) : "");
    }
    const show = isDay(type) ? (end) => formatDate(deserializeDate(end)) : (end) => formatFloat(Number(end), NUMBER);
    const [from, to] = [value.from && show(value.from), value.to && show(value.to)];
    if (from && to) {
        return `${from} – ${to}`;
    }
    return from ? `≥ ${from}` : `≤ ${to}`;
}
