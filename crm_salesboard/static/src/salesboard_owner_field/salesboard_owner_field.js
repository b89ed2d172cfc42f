import { Avatar } from "@mail/views/web/fields/avatar/avatar";
import { KanbanMany2OneAvatarUserField } from "@mail/views/web/fields/many2one_avatar_user_field/kanban_many2one_avatar_user_field";
import { registry } from "@web/core/registry";
import { imageUrl } from "@web/core/utils/urls";

/** A picture with a name, whose card opens with the keyboard too. */
class OwnerAvatar extends Avatar {
    static template = "crm_salesboard.OwnerAvatar";
    static props = { ...Avatar.props, name: String, picture: String };

    onKeydown(ev) {
        if (this.canOpenPopover && (ev.key === "Enter" || ev.key === " ")) {
            ev.preventDefault();
            ev.stopPropagation();
            this.onClickAvatar(ev);
        }
    }
}

/** The owner on a card, as Odoo shows it. */
export class SalesBoardOwnerField extends KanbanMany2OneAvatarUserField {
    static template = "crm_salesboard.SalesBoardOwnerField";
    static components = { ...KanbanMany2OneAvatarUserField.components, Avatar: OwnerAvatar };

    /** The board knows which picture it is; the same cards stand in search lists too. */
    get picture() {
        const { model } = this.props.record;
        return model.ownerPicture?.(this.value.id) || imageUrl("res.users", this.value.id, "avatar_128");
    }
}

registry.category("fields").add("salesboard_owner", {
    ...registry.category("fields").get("kanban.many2one_avatar_user"),
    component: SalesBoardOwnerField,
});
