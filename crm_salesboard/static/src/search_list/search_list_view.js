import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { SearchListPanel } from "./search_list_panel";
import { SearchListSearchModel } from "./search_list_search_model";

export const searchListView = {
    ...listView,
    SearchModel: SearchListSearchModel,
    SearchPanel: SearchListPanel,
};
registry.category("views").add("search_list", searchListView);
