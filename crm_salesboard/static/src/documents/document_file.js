import { FileModel } from "@web/core/file_viewer/file_model";
import { url } from "@web/core/utils/urls";

const FILE_FIELDS = ["name", "mimetype", "type", "url", "checksum"];

/** The file of a document as Odoo's file viewer takes it. */
export function fileOf(record) {
    const file = Object.assign(new FileModel(), { id: record.resId });
    for (const field of FILE_FIELDS) {
        file[field] = record.data[field] || undefined;
    }
    return file;
}

/**
 * Show a document, with the others of the list to leaf through; one that cannot be shown is downloaded.
 *
 * @param {Object} record
 * @param {Object[]} records those of the list
 * @param {Object} viewer see useFileViewer
 * @param {(url: string) => void} [download]
 */
export function openDocument(record, records, viewer, download = (address) => window.location.assign(address)) {
    const files = records.map(fileOf);
    const file = files[records.indexOf(record)] || fileOf(record);
    if (file.isViewable) {
        viewer.open(file, files.length ? files : [file]);
    } else if (file.isUrl) {
        window.open(file.url, "_blank", "noopener");
    } else {
        download(downloadUrl(record));
    }
}

export function downloadUrl(record) {
    return url(`/web/content/${record.resId}`, { download: true });
}
