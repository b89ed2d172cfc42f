import { Component } from "@odoo/owl";
import { badgeStyle } from "../crm_choice/contrast";

/** Who the customer is: picture, master data and the company's own fields. */
export class CustomerHeader extends Component {
    static template = "crm_salesboard.CustomerHeader";
    static props = { customer: Object, onOpen: Function };

    setup() {
        this.badgeStyle = badgeStyle;
    }

    get customer() {
        return this.props.customer;
    }

    /** Only what opens a page: no address that somebody typed may run a script. */
    get website() {
        const { website } = this.customer;
        return website && (/^https?:\/\//i.test(website) ? website : `https://${website}`);
    }

    openCompany(ev) {
        const params = { resId: this.customer.company.id };
        return this.props.onOpen({ type: "ir.actions.client", tag: "crm_customer_page", params }, ev);
    }
}
