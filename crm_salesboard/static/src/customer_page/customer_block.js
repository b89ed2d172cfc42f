import { Component, useRef } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { _t } from "@web/core/l10n/translation";
import { badgeStyle } from "../crm_choice/contrast";
import { openDocument } from "../documents/document_file";
import { useDocumentUpload } from "../documents/document_upload";
import { formatCount } from "../sales_board/figures";
import { figureTitle, formatFigure, formatWhen, targetOf } from "./customer_blocks";

/** One part of the customer: a heading with its figures, which leads to all of it, and the latest lines. */
export class CustomerBlock extends Component {
    static template = "crm_salesboard.CustomerBlock";
    static props = {
        block: Object,
        currencyId: Number,
        customerId: Number,
        isFolded: Boolean,
        isSmall: { type: Boolean, optional: true },
        onOpen: Function,
        onToggle: Function,
    };

    setup() {
        this.viewer = useFileViewer();
        this.inputRef = useRef("input");
        this.upload = useDocumentUpload(() => ({ model: "res.partner", id: this.props.customerId }));
        Object.assign(this, { badgeStyle, formatCount, formatWhen, targetOf });
    }

    get block() {
        return this.props.block;
    }

    get figures() {
        const { currencyId, isSmall } = this.props;
        return this.block.figures.map((figure) => ({
            ...figure,
            text: formatFigure(figure, currencyId, isSmall),
            title: figureTitle(figure, currencyId),
        }));
    }

    get foldLabel() {
        const { title } = this.block;
        return this.props.isFolded ? _t("Unfold %s", title) : _t("Fold %s", title);
    }

    get hasMore() {
        return this.block.action && this.block.count > this.block.lines.length;
    }

    formatAmount(line) {
        return formatCurrency(line.amount, line.currency_id);
    }

    /** Whose it is, what else there is to say, and which colleague: what of it is known. */
    details(line) {
        return [line.who, line.text, line.user].filter(Boolean);
    }

    /** Open what adds a record, or the chooser of files. */
    add() {
        const { action, upload } = this.block.add;
        return upload ? this.inputRef.el.click() : this.props.onOpen(action);
    }

    /** The page is read anew once the files have come in. */
    onFilesChosen() {
        this.upload([...this.inputRef.el.files]);
        // So that the same file can be chosen again.
        this.inputRef.el.value = "";
    }

    openList(ev) {
        if (this.block.action) {
            this.props.onOpen(this.block.action, ev);
        }
    }

    openLine(line, ev) {
        if (line.file) {
            const records = this.block.lines.map((one) => ({ resId: one.id, data: one.file }));
            return openDocument(records[this.block.lines.indexOf(line)], records, this.viewer);
        }
        return this.props.onOpen(targetOf(line).action, ev);
    }
}
