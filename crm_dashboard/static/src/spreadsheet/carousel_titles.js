/** Odoo translates the titles of charts in a dashboard; here those of carousels and of their tabs as well. */
import { registries } from "@odoo/o-spreadsheet";
import { patch } from "@web/core/utils/patch";

const CarouselFigure = registries.figureRegistry.get("carousel").Component;

patch(CarouselFigure.prototype, {
    get title() {
        return this.env.model.getters.dynamicTranslate(super.title);
    },
    getItemTitle(item) {
        const title = super.getItemTitle(item);
        return item.title ? this.env.model.getters.dynamicTranslate(title) : title;
    },
});
