import { Activity } from "@mail/core/common/activity_model";
import { fields } from "@mail/core/common/record";
import { patch } from "@web/core/utils/patch";

/** Who gave an activity to the one who is to do it, see mail_activity_asked.py. */
patch(Activity.prototype, {
    setup() {
        super.setup(...arguments);
        this.requested_by_id = fields.One("res.users");
    },
});
