import { reactive } from "@odoo/owl";
import { SalesBoardModel } from "@crm_salesboard/sales_board/sales_board_model";
import { _t } from "@web/core/l10n/translation";
import { imageUrl } from "@web/core/utils/urls";
import { RelationalModel } from "@web/model/relational_model/relational_model";

export const STATUS_FIELD = "status_id";
export const CLOSE_ACTION = "crm_serviceticket.crm_ticket_close_action";

/** Tells the server with the save of a moved card in which column its mover saw it. */
class TicketRecord extends RelationalModel.Record {
    get context() {
        const context = super.context;
        return this.expectedStatus ? { ...context, ticket_expected_status: this.expectedStatus } : context;
    }
}

class TicketGroupList extends RelationalModel.DynamicGroupList {
    /**
     * A card dropped on a status that closes is first asked about its result. Every move can be undone.
     *
     * @override
     */
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const source = this.groups.find((group) => group.id === dataGroupId);
        const target = this.groups.find((group) => group.id === targetGroupId);
        if (this.groupByField.name !== STATUS_FIELD || source === target) {
            return super.moveRecord(...arguments);
        }
        const { model } = this;
        const record = source.list.records.find((one) => one.id === dataRecordId);
        let before;
        if (model.columnInfo(target.value)?.closes && !model.columnInfo(source.value)?.closes) {
            before = await model.closeTicket(record.resId, source.value, target.value);
            if (!before) {
                return; // the card was only lent to the other column
            }
        } else {
            record.expectedStatus = source.value;
            try {
                await super.moveRecord(...arguments);
            } catch (error) {
                model.load(); // the card may be elsewhere by now
                throw error;
            } finally {
                delete record.expectedStatus;
            }
            await model.loadBoard();
        }
        model.offerUndo(record, source, target, before);
    }
}

export class TicketBoardModel extends RelationalModel {
    static Record = TicketRecord;
    static DynamicGroupList = TicketGroupList;
    // reads the next cards of a column, and no others
    static DynamicRecordList = SalesBoardModel.DynamicRecordList;

    get columnField() {
        return STATUS_FIELD;
    }

    setup() {
        super.setup(...arguments);
        /** What get_ticket_board answers: the statuses, and how many tickets of each are overdue. */
        this.board = reactive({ data: null });
        /** Counts the requests: an older answer that comes late is of an older search. */
        this.boardLoad = 0;
    }

    /** @override */
    async load(params = {}) {
        await Promise.all([super.load(...arguments), this.loadBoard(params.domain)]);
    }

    async loadBoard(domain = this.config.domain) {
        const boardLoad = ++this.boardLoad;
        const data = await this.orm.call("crm.ticket", "get_ticket_board", [domain]);
        if (boardLoad === this.boardLoad) {
            this.board.data = data;
        }
    }

    columnInfo(statusId) {
        return this.board.data?.info[statusId];
    }

    overdueIn(statusId) {
        return this.board.data?.overdue[statusId] || 0;
    }

    ownerPicture(userId) {
        return imageUrl("res.users", userId, "avatar_128");
    }

    /**
     * Ask for the result, and close the ticket.
     *
     * @returns {Promise<object|false>} what it had before; false if it was not closed
     */
    async closeTicket(resId, from, to) {
        const before = await new Promise((resolve, reject) => {
            this.action
                .doAction(CLOSE_ACTION, {
                    additionalContext: {
                        active_model: "crm.ticket",
                        active_id: resId,
                        active_ids: [resId],
                        default_status_id: to,
                        ticket_expected_status: from,
                    },
                    onClose: (infos) => resolve(infos?.moved ? infos.before : false),
                })
                .catch(reject);
        });
        if (before) {
            await this.load();
        }
        return before;
    }

    offerUndo(record, source, target, before = {}) {
        const { number, name } = record.data;
        const ticket = number || name;
        const undo = async () => {
            close();
            delete this.lastMove;
            try {
                const move = [[record.resId], source.value, target.value, before];
                await this.orm.call("crm.ticket", "action_undo_move", move);
            } finally {
                await this.load();
            }
            this.bus.trigger("move-undone", { resId: record.resId, ticket, source });
        };
        const close = this.notification.add(
            _t("%(ticket)s moved to %(status)s", { ticket, status: target.displayName }),
            {
                type: "info",
                autocloseDelay: 10000,
                className: "o_salesboard_moved",
                buttons: [{ name: _t("Undo"), primary: true, onClick: undo }],
            }
        );
        this.lastMove = { resId: record.resId, undo };
        this.bus.trigger("card-moved", { resId: record.resId, ticket, source, target });
    }
}
