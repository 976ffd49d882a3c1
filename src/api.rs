//! Table 1: the CRM's operations, one row each.
//!
//! A row reads like the method it becomes: what it does, its name in Rust and in JavaScript, the
//! HTTP method and path, the path's arguments, what is sent (a body, or [`ListQuery`] for the
//! query), and what it returns. Paths are whole literals, so that a text search finds them.
//!
//! [`ListQuery`]: crate::model::ListQuery

/// Passes the table to a macro, which generates code from it.
macro_rules! for_each_operation {
    ($reader:ident) => { $reader! {
        #[doc = "Leads."]
        leads "leads": Leads {
            #[doc = "Lists leads, the most recent first."]
            list "list" = Get "/leads" () query: ListQuery => Page<Lead>;
            #[doc = "Creates a lead. With a submission id it is created once, even if a response is lost."]
            create "create" = Post "/leads" () lead: Lead => Lead;
            #[doc = "Retrieves a lead."]
            retrieve "retrieve" = Get "/leads/{id}" (id) => Lead;
            #[doc = "Updates a lead. The body is undocumented: a lead's fields are assumed."]
            update "update" = Put "/leads/{id}" (id) lead: Lead => Option<Lead>;
            #[doc = "Changes only the fields that are sent."]
            patch "patch" = Patch "/leads/{id}" (id) fields: Lead => Option<Lead>;
            #[doc = "Converts a lead. The body is undocumented."]
            convert "convert" = Post "/leads/{id}/convert" (id) body: Option<Object> => Option<Lead>;
            #[doc = "Deletes a lead."]
            delete "delete" = Delete "/leads/deleted/{id}" (id) => Option<Value>;
        }
        #[doc = "The notes of a lead."]
        lead_notes "leads.notes": LeadNotes {
            #[doc = "Adds a note to a lead."]
            create "create" = Post "/leads/{leadId}/notes" (lead_id) note: Note => Option<Value>;
            #[doc = "Updates a note."]
            update "update" = Put "/leads/{leadId}/notes/{noteId}" (lead_id, note_id) note: Note => Option<Value>;
            #[doc = "Deletes a note."]
            delete "delete" = Delete "/leads/{leadId}/notes/{noteId}" (lead_id, note_id) => Option<Value>;
        }
        #[doc = "The activities of a lead."]
        lead_activities "leads.activities": LeadActivities {
            #[doc = "Adds an activity to a lead. The body is undocumented: an activity is assumed."]
            create "create" = Post "/leads/{leadId}/activities" (lead_id) activity: Activity => Option<Value>;
            #[doc = "Updates an activity. The body is undocumented: an activity is assumed."]
            update "update" = Put "/leads/{leadId}/activities/{activityId}" (lead_id, activity_id) activity: Activity => Option<Value>;
            #[doc = "Deletes an activity."]
            delete "delete" = Delete "/leads/{leadId}/activities/{activityId}" (lead_id, activity_id) => Option<Value>;
        }
        #[doc = "Opportunities."]
        opportunities "opportunities": Opportunities {
            #[doc = "Lists opportunities, the most recent first."]
            list "list" = Get "/opportunities" () query: ListQuery => Page<Opportunity>;
            #[doc = "Creates an opportunity."]
            create "create" = Post "/opportunities" () opportunity: Opportunity => Opportunity;
            #[doc = "Retrieves an opportunity."]
            retrieve "retrieve" = Get "/opportunities/{id}" (id) => Opportunity;
            #[doc = "Updates an opportunity."]
            update "update" = Put "/opportunities/{id}" (id) opportunity: Opportunity => Option<Opportunity>;
            #[doc = "Changes only the fields that are sent."]
            patch "patch" = Patch "/opportunities/{id}" (id) fields: Opportunity => Option<Opportunity>;
            #[doc = "Deletes an opportunity."]
            delete "delete" = Delete "/opportunities/deleted/{id}" (id) => Option<Value>;
            #[doc = "Creates an opportunity without an activity. The body is undocumented."]
            create_no_activity "createNoActivity" = Post "/opportunities/no-activity-opportunities" () body: Object => Option<Opportunity>;
            #[doc = "Updates several opportunities. The body is undocumented."]
            update_multiple "updateMultiple" = Put "/opportunities/multiple" () body: ObjectOrArray => Option<Value>;
        }
        #[doc = "Batches."]
        batches "batches": Batches {
            #[doc = "Lists batches, the most recent first."]
            list "list" = Get "/batches" () query: ListQuery => Page<Batch>;
            #[doc = "Creates a batch."]
            create "create" = Post "/batches" () batch: Batch => Batch;
            #[doc = "Retrieves a batch."]
            retrieve "retrieve" = Get "/batches/{id}" (id) => Batch;
            #[doc = "Updates a batch."]
            update "update" = Put "/batches/{id}" (id) batch: Batch => Option<Batch>;
            #[doc = "Changes only the fields that are sent."]
            patch "patch" = Patch "/batches/{id}" (id) fields: Batch => Option<Batch>;
            #[doc = "Deletes a batch."]
            delete "delete" = Delete "/batches/deleted/{id}" (id) => Option<Value>;
        }
        #[doc = "Customers."]
        customers "customers": Customers {
            #[doc = "Lists customers, the most recent first."]
            list "list" = Get "/customers" () query: ListQuery => Page<Customer>;
            #[doc = "Creates a customer."]
            create "create" = Post "/customers" () customer: Customer => Customer;
            #[doc = "Retrieves a customer."]
            retrieve "retrieve" = Get "/customers/{id}" (id) => Customer;
            #[doc = "Updates a customer."]
            update "update" = Put "/customers/{id}" (id) customer: Customer => Option<Customer>;
            #[doc = "Changes only the fields that are sent."]
            patch "patch" = Patch "/customers/{id}" (id) fields: Customer => Option<Customer>;
            #[doc = "Deletes a customer: without the `/deleted/` that the other three have."]
            delete "delete" = Delete "/customers/{id}" (id) => Option<Value>;
        }
    } };
}
pub(crate) use for_each_operation;
