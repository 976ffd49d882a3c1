//! Batches.

use super::models;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

models! {
    #[doc = "A batch: leads and opportunities handed to someone together."]
    Batch {
        #[doc = "The batch's code."]
        batch_code "batchCode": String, optional;
        #[doc = "The kind of batch."]
        batch_type "batchType": String, optional;
        #[doc = "The manager."]
        manager "manager": String, optional;
        #[doc = "The assignee."]
        assignee "assignee": String, optional;
        #[doc = "The day it is due."]
        due_date "dueDate": String as Date, optional;
        #[doc = "Whether it is repeated."]
        repeated "repeated": bool, optional;
        #[doc = "A summary."]
        summary "summary": String, optional;
        #[doc = "Notes: one string here, an array elsewhere."]
        notes "notes": String, optional;
        #[doc = "The leads in the batch. Its entries are not documented."]
        lead_ids "leadIds": Vec<Value>, optional;
        #[doc = "The opportunities in the batch. Its entries are not documented."]
        opportunity_ids "opportunityIds": Vec<Value>, optional;
        #[doc = "The rating."]
        rating "rating": i64, optional;
    }
    received {
        #[doc = "The record's id."]
        id "_id": String;
    }
}
