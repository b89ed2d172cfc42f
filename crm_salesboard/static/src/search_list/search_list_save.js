import { useDropdownCloser } from "@web/core/dropdown/dropdown_hooks";
import { _t } from "@web/core/l10n/translation";
import { CustomFavoriteItem } from "@web/search/custom_favorite_item/custom_favorite_item";

/** Odoo's own "save the current search", where the panel can show it, with a name to be chosen. */
export class SearchListSave extends CustomFavoriteItem {
    static template = "crm_salesboard.SearchListSave";

    setup() {
        super.setup();
        this.dropdown = useDropdownCloser();
        Object.assign(this.state, { description: "", isShared: false });
    }

    async save(ev) {
        const { description, isShared } = this.state;
        if (await this.saveFavorite(ev, isShared)) {
            this.notificationService.add(_t("%s was saved among your favorites.", description), {
                type: "success",
            });
            this.dropdown.closeAll();
        }
    }

    /** @override */
    onInputKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.save(ev);
        }
    }
}
