import { reactive } from "@odoo/owl";
import { checkRainbowmanMessage } from "@crm/views/check_rainbowman_message";
import { CrmKanbanModel } from "@crm/views/crm_kanban/crm_kanban_model";
import { _t } from "@web/core/l10n/translation";
import { imageUrl } from "@web/core/utils/urls";

export const BOARD_FIELD = "board_column_id";

const OUTCOME_ACTIONS = {
    order: "crm_salesboard.crm_lead_order_action",
    lost: "crm.crm_lead_lost_action",
    cancelled: "crm_salesboard.crm_lead_cancel_action",
};

/** Tells the server with each save of a moved card in which column its mover saw it. */
class SalesBoardRecord extends CrmKanbanModel.Record {
    get context() {
        const context = super.context;
        return this.expectedColumn ? { ...context, salesboard_expected_column: this.expectedColumn } : context;
    }
}

class SalesBoardRecordList extends CrmKanbanModel.DynamicRecordList {
    /**
     * Read the next cards and no others: unlike Odoo's own "Load more", which reads the column again from its first.
     *
     * @param {number} limit how many
     */
    loadNext(limit) {
        return this.model.mutex.exec(async () => {
            const offset = this.records.length;
            // How many there are in all is known from the head of the column.
            const config = { ...this.config, offset, limit, countLimit: offset + limit };
            const { records } = await this.model._loadUngroupedList(config);
            const known = new Set(this.records.map((record) => record.resId));
            for (const data of records.filter(({ id }) => !known.has(id))) {
                this.records.push(this._createRecordDatapoint(data));
            }
            await this.model._updateConfig(this.config, { limit: offset + limit }, { reload: false });
        });
    }
}

class SalesBoardGroupList extends CrmKanbanModel.DynamicGroupList {
    /**
     * A card dropped on an outcome is first asked about: the value, or the reason. Every move can be undone.
     *
     * @override
     */
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const source = this.groups.find((group) => group.id === dataGroupId);
        const target = this.groups.find((group) => group.id === targetGroupId);
        if (this.groupByField.name !== BOARD_FIELD || source === target) {
            return super.moveRecord(...arguments);
        }
        const record = source.list.records.find((r) => r.id === dataRecordId);
        const kind = this.model.columnInfo(target.value)?.kind;
        if (kind in OUTCOME_ACTIONS) {
            if (!(await this.model.closeCard(kind, record.resId, source.value))) {
                return;
            }
        } else {
            record.expectedColumn = source.value;
            try {
                await super.moveRecord(...arguments);
            } catch (error) {
                this.model.load(); // the card may be elsewhere by now
                throw error;
            } finally {
                delete record.expectedColumn;
            }
            await this.model.loadBoard();
        }
        this.model.offerUndo(record, source, target);
    }
}

export class SalesBoardModel extends CrmKanbanModel {
    static Record = SalesBoardRecord;
    static DynamicGroupList = SalesBoardGroupList;
    static DynamicRecordList = SalesBoardRecordList;
    static services = [...CrmKanbanModel.services];

    /** By which field cards are in columns. */
    get columnField() {
        return BOARD_FIELD;
    }

    setup() {
        super.setup(...arguments);
        /** What get_salesboard answers: the sums of the columns and of the board, for the present search. */
        this.board = reactive({ data: null });
        /** Counts the requests for figures: an older answer that comes late is of an older search. */
        this.boardLoad = 0;
    }

    /**
     * The figures of the board come with the cards: one request, and from the browser's cache likewise.
     *
     * @override
     */
    async _webReadGroup(config, cache) {
        const boardLoad = ++this.boardLoad;
        const context = { ...config.context, salesboard_owners_domain: this.ownersDomain(config.domain) };
        const asked = super._webReadGroup({ ...config, context }, cache);
        return { ...(await asked), boardLoad };
    }

    /** @override Also called with what the server answers after the browser's cache did. */
    async _postprocessReadGroup(config, response) {
        const { board, boardLoad = this.boardLoad } = response;
        if (board && boardLoad === this.boardLoad) {
            this.showBoard(board, config.domain);
        }
        return super._postprocessReadGroup(...arguments);
    }

    /** @override */
    async load() {
        await super.load(...arguments);
        if (!this.config.groupBy.length) {
            await this.loadBoard();
        }
    }

    ownersDomain(domain) {
        return this.env.searchModel?.domainOfAllOwners || domain;
    }

    async loadBoard(domain = this.config.domain) {
        const boardLoad = ++this.boardLoad;
        const board = await this.orm.call("crm.lead", "get_salesboard", [domain, this.ownersDomain(domain)]);
        if (boardLoad === this.boardLoad) {
            this.showBoard(board, domain);
        }
    }

    showBoard(board, domain) {
        this.board.data = board;
        this.board.domain = domain;
    }

    /** The address of an owner's picture, which changes with the picture: the browser asks for it once and keeps it. */
    ownerPicture(ownerId) {
        const owner = this.board.data?.owners.find(({ id }) => id === ownerId);
        return imageUrl("res.users", ownerId, "avatar_128", { unique: owner?.picture_date });
    }

    columnInfo(columnId) {
        return this.board.data?.info[columnId];
    }

    columnFigures(columnId) {
        return this.board.data?.columns[columnId];
    }

    /**
     * Open the records that a sum counts.
     *
     * @param {number|null} columnId null for the whole board
     * @param {"projected"|"weighted"|"actual"|null} measure null for all projects
     */
    async openList(columnId, measure) {
        const action = await this.orm.call("crm.lead", "action_salesboard_list", [
            this.board.domain,
            columnId,
            measure,
        ]);
        return this.action.doAction(action);
    }

    /**
     * Ask for what an outcome needs, and close the project.
     *
     * @returns {Promise<boolean>} whether it was closed
     */
    askOutcome(kind, resId, expectedColumn) {
        return new Promise((resolve, reject) => {
            this.action
                .doAction(OUTCOME_ACTIONS[kind], {
                    additionalContext: {
                        active_model: "crm.lead",
                        active_id: resId,
                        active_ids: [resId],
                        salesboard_expected_column: expectedColumn,
                    },
                    onClose: (infos) => resolve(Boolean(infos?.moved)),
                })
                .catch(reject);
        });
    }

    /** Close a project after the question about its outcome. @returns {Promise<boolean>} whether it was closed */
    async closeCard(kind, resId, from) {
        if (!(await this.askOutcome(kind, resId, from))) {
            return false;
        }
        await this.load();
        if (kind === "order") {
            await checkRainbowmanMessage(this.orm, this.effect, resId);
        }
        return true;
    }

    /** Move a card to a column that is switched off. @returns {Promise<boolean>} whether it was moved */
    async moveToHiddenColumn(resId, from, columnId) {
        const { kind } = this.columnInfo(columnId);
        if (kind in OUTCOME_ACTIONS) {
            return this.closeCard(kind, resId, from);
        }
        try {
            const context = { salesboard_expected_column: from };
            await this.orm.write("crm.lead", [resId], { [BOARD_FIELD]: columnId }, { context });
        } finally {
            await this.load();
        }
        return true;
    }

    offerUndo(record, source, target) {
        const { name, partner_id: partner } = record.data;
        const project = partner?.display_name || name;
        const undo = async () => {
            close();
            await this.undoMove(record.resId, source.value, target.value);
            this.bus.trigger("move-undone", { resId: record.resId, project, source });
        };
        const close = this.notification.add(
            _t("%(project)s moved to %(column)s", { project, column: target.displayName }),
            {
                type: "info",
                autocloseDelay: 10000,
                className: "o_salesboard_moved",
                buttons: [{ name: _t("Undo"), primary: true, onClick: undo }],
            }
        );
        this.lastMove = { resId: record.resId, undo };
        this.bus.trigger("card-moved", { resId: record.resId, project, source, target });
    }

    async undoMove(resId, from, to) {
        delete this.lastMove;
        try {
            await this.orm.call("crm.lead", "action_undo_move", [[resId], from, to]);
        } finally {
            await this.load();
        }
    }
}
