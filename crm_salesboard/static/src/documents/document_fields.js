import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { humanNumber } from "@web/core/utils/numbers";
import { imageUrl } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { fileOf } from "./document_file";

/** A small picture of an image, the icon of its kind for any other file. */
export class DocumentThumbnail extends Component {
    static template = "crm_salesboard.DocumentThumbnail";
    static props = standardFieldProps;

    get thumbnail() {
        const { resId, data } = this.props.record;
        const options = { width: 64, height: 64, crop: true, unique: data.checksum };
        return fileOf(this.props.record).isImage ? imageUrl("ir.attachment", resId, "datas", options) : false;
    }
}

export class FileSize extends Component {
    static template = "crm_salesboard.FileSize";
    static props = standardFieldProps;

    get size() {
        const bytes = this.props.record.data[this.props.name];
        return bytes ? _t("%(size)sB", { size: humanNumber(bytes, { decimals: bytes < 1e6 ? 0 : 1 }) }) : "";
    }
}

/** The project or customer of a document, as a link to it. */
export class DocumentOwner extends Component {
    static template = "crm_salesboard.DocumentOwner";
    static props = standardFieldProps;

    setup() {
        this.action = useService("action");
    }

    open() {
        const { resModel, resId } = this.props.record;
        return this.action.doActionButton({ type: "object", name: "action_open_owner", resModel, resId });
    }
}

registry.category("fields").add("crm_document_owner", {
    component: DocumentOwner,
    displayName: _t("What a document belongs to"),
    supportedTypes: ["char"],
});
registry.category("fields").add("crm_document_thumbnail", {
    component: DocumentThumbnail,
    displayName: _t("Preview of a document"),
    supportedTypes: ["char"],
});
registry.category("fields").add("crm_file_size", {
    component: FileSize,
    displayName: _t("Size of a file"),
    supportedTypes: ["integer"],
});
