//! Opportunities.

use super::{Activity, DocumentEntry, NoteEntry, Object, models};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

models! {
    #[doc = "An opportunity: a deal in the making."]
    Opportunity {
        #[doc = "The id of the customer."]
        customer "customer": String, optional;
        #[doc = "The id of the lead it came from."]
        lead_id "leadId": String, optional;
        #[doc = "Information about the opportunity. Its members are not documented."]
        opportunity_information "opportunityInformation": Object, optional;
        #[doc = "The id of the user who owns the opportunity."]
        opportunity_owner "opportunityOwner": String, optional;
        #[doc = "How likely the deal is, `0.75` in the vendor's example."]
        probability "probability": f64, optional;
        #[doc = "The discount, `10` in the vendor's example, in no documented unit."]
        discount "discount": f64, optional;
        #[doc = "The revenue, in no documented currency."]
        revenue "revenue": f64, optional;
        #[doc = "The day the deal should close, `YYYY-MM-DD` in the vendor's example."]
        close_date "closeDate": String as Date, optional;
        #[doc = "The units concerned. Its entries are not documented."]
        units "units": Vec<Value>, optional;
        #[doc = "The id of a promotion, as in `promo123`."]
        promo_id "promoId": String, optional;
        #[doc = "The kind of opportunity, as in `new`."]
        opportunity_type "opportunityType": String, optional;
        #[doc = "Where it came from, as in `website`."]
        opportunity_source "opportunitySource": String, optional;
        #[doc = "Its status, as in `active`."]
        status "status": String, optional;
        #[doc = "How promising it is, as in `4`."]
        opportunity_rating "opportunityRating": f64, optional;
        #[doc = "What was done for it."]
        activity_log "activityLog": Vec<Activity>, optional;
        #[doc = "Notes."]
        notes "notes": Vec<NoteEntry>, optional;
        #[doc = "Documents attached to it."]
        documents "documents": Vec<DocumentEntry>, optional;
        #[doc = "The id of a task."]
        task_id "taskId": String, optional;
        #[doc = "An id in another system, as in `request123`."]
        idengager_request_id "idengagerRequestId": String, optional;
        #[doc = "A description."]
        opportunity_description "opportunityDescription": String, optional;
        #[doc = "The sales stage, as in `stage1`."]
        stage "stage": String, optional;
        #[doc = "The forecast category, as in `category1`."]
        forecast_category "forecastCategory": String, optional;
    }
    received {
        #[doc = "The record's id."]
        id "_id": String;
    }
}
