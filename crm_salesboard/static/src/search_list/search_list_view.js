import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";
import { SearchListPanel } from "./search_list_panel";
import { SearchListSearchModel } from "./search_list_search_model";

const searchList = { SearchModel: SearchListSearchModel, SearchPanel: SearchListPanel };

registry.category("views").add("search_list", { ...listView, ...searchList });
// On a phone a list is shown as cards.
registry.category("views").add("search_list_kanban", { ...kanbanView, ...searchList });
