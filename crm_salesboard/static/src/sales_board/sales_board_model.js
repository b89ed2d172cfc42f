import { reactive } from "@odoo/owl";
import { checkRainbowmanMessage } from "@crm/views/check_rainbowman_message";
import { CrmKanbanModel } from "@crm/views/crm_kanban/crm_kanban_model";
import { _t } from "@web/core/l10n/translation";

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
        return this.expectedColumn
            ? { ...context, salesboard_expected_column: this.expectedColumn }
            : context;
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
            if (!(await this.model.askOutcome(kind, record.resId, source.value))) {
                return;
            }
            await this.model.load();
            if (kind === "order") {
                await checkRainbowmanMessage(this.model.orm, this.model.effect, record.resId);
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
    static services = [...CrmKanbanModel.services];

    setup() {
        super.setup(...arguments);
        /** What get_salesboard answers: the sums of the columns and of the board, for the present search. */
        this.board = reactive({ data: null });
    }

    /** @override */
    async load(params = {}) {
        const board = this.loadBoard(params.domain);
        await super.load(...arguments);
        await board;
    }

    async loadBoard(domain = this.config.domain) {
        const owners = this.env.searchModel?.domainOfAllOwners || domain;
        const asked = (this.lastBoard = this.orm.call("crm.lead", "get_salesboard", [domain, owners]));
        const data = await asked;
        if (asked === this.lastBoard) {
            this.board.data = data; // an older answer that comes late is of an older search
            this.board.domain = domain;
        }
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

    offerUndo(record, source, target) {
        const { name, partner_id: partner } = record.data;
        const close = this.notification.add(
            _t("%(project)s moved to %(column)s", {
                project: partner?.display_name || name,
                column: target.displayName,
            }),
            {
                type: "info",
                autocloseDelay: 10000,
                className: "o_salesboard_moved",
                buttons: [
                    {
                        name: _t("Undo"),
                        primary: true,
                        onClick: async () => {
                            close();
                            await this.undoMove(record.resId, source.value, target.value);
                        },
                    },
                ],
            }
        );
    }

    async undoMove(resId, from, to) {
        try {
            await this.orm.call("crm.lead", "action_undo_move", [[resId], from, to]);
        } finally {
            await this.load();
        }
    }
}
