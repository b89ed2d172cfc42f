import { Component, useRef } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { FileUploadProgressContainer } from "@web/core/file_upload/file_upload_progress_container";
import { FileUploadProgressDataRow } from "@web/core/file_upload/file_upload_progress_record";
import { checkFileSize } from "@web/core/utils/files";
import { useBus, useService } from "@web/core/utils/hooks";

/**
 * Send files through Odoo's own upload to a record, each by itself: one that is too large keeps none of the others.
 *
 * @param {() => {model: string, id: number}} getOwner
 * @returns {(files: File[], replacesId?: number) => void}
 */
export function useDocumentUpload(getOwner) {
    const fileUpload = useService("file_upload");
    const notification = useService("notification");
    return (files, replacesId) => {
        const { model, id } = getOwner();
        for (const file of files) {
            if (checkFileSize(file.size, notification)) {
                fileUpload.upload("/mail/attachment/upload", [file], {
                    buildFormData: (formData) => {
                        formData.append("thread_model", model);
                        formData.append("thread_id", id);
                        if (replacesId) {
                            formData.append("replaces_id", replacesId);
                        }
                    },
                });
            }
        }
    };
}

/**
 * Be told when files of records have come in, from here or from the chatter, once for several at a time.
 *
 * @param {(owner: {model: string, id: number}) => boolean} concerns
 * @param {() => void} onUploaded
 */
export function useDocumentsUploaded(concerns, onUploaded) {
    const fileUpload = useService("file_upload");
    const isOurs = (upload) =>
        upload.data.has("thread_model") &&
        concerns({ model: upload.data.get("thread_model"), id: parseInt(upload.data.get("thread_id"), 10) });
    const onEnd = ({ detail: { upload } }) => {
        if (isOurs(upload) && !Object.values(fileUpload.uploads).some(isOurs)) {
            onUploaded();
        }
    };
    useBus(fileUpload.bus, "FILE_UPLOAD_LOADED", onEnd);
    useBus(fileUpload.bus, "FILE_UPLOAD_ERROR", onEnd);
    return { uploads: fileUpload.uploads, isOurs };
}

/** The button that chooses files (or takes a photo), the place to drop them, and the progress of their upload. */
export class DocumentUpload extends Component {
    static template = "crm_salesboard.DocumentUpload";
    static components = { FileUploadProgressContainer };
    static props = {
        owner: { type: Object, shape: { model: String, id: Number } },
        dropRef: Object,
        onUploaded: Function,
        className: { type: String, optional: true },
    };
    static defaultProps = { className: "btn-secondary" };

    setup() {
        this.ProgressRow = FileUploadProgressDataRow;
        this.inputRef = useRef("input");
        this.upload = useDocumentUpload(() => this.props.owner);
        const { uploads, isOurs } = useDocumentsUploaded(
            ({ model, id }) => model === this.props.owner.model && id === this.props.owner.id,
            () => this.props.onUploaded()
        );
        Object.assign(this, { uploads, isOurs });
        useDropzone(this.props.dropRef, (ev) => this.upload([...ev.dataTransfer.files]), "o_crm_dropzone");
    }

    onFilesChosen() {
        this.upload([...this.inputRef.el.files]);
        // So that the same file can be chosen again.
        this.inputRef.el.value = "";
    }
}
