//! Leads: the fields of the API reference and of the lead-generation guide.

use super::{Activity, DocumentEntry, NoteEntry, models};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

models! {
    #[doc = "A lead: someone who may buy, rent or sell."]
    Lead {
        #[doc = "Who the lead is and how to reach them."]
        lead_information "leadInformation": LeadInformation, required;
        #[doc = "The id of the customer the lead belongs to."]
        customer "customer": String, optional;
        #[doc = "The id of the unit the lead asks about."]
        unit_id "unitId": String, optional;
        #[doc = "The id of the user who owns the lead."]
        lead_owner "leadOwner": String, optional;
        #[doc = "The id of a task."]
        task_id "taskId": String, optional;
        #[doc = "The id of a promotion, as in `promo123`."]
        promo_id "promoId": String, optional;
        #[doc = "The kind of lead, as in `new` or `buying`. With the integration token it is sent as `leadtype`."]
        lead_type "leadType" | "leadtype": String, optional;
        #[doc = "Where the lead came from, as in `website` or `facebook_ads`."]
        lead_source "leadSource": String, optional;
        #[doc = "The lead's status, as in `active`."]
        status "status": String, optional;
        #[doc = "How promising the lead is, as in `4`."]
        lead_rating "leadRating": i64, optional;
        #[doc = "The lead's history. Its entries are not documented."]
        history "history": Vec<Value>, optional;
        #[doc = "What was done for the lead."]
        activity_log "activityLog": Vec<Activity>, optional;
        #[doc = "A description, as in `Interested in purchasing a new property`."]
        lead_description "leadDescription": String, optional;
        #[doc = "Notes: strings in the vendor's example."]
        notes "notes": Vec<NoteEntry>, optional;
        #[doc = "Documents attached to the lead."]
        documents "documents": Vec<DocumentEntry>, optional;
        #[doc = "An id in another system, as in `request123`."]
        idengager_request_id "idengagerRequestId": String, optional;
        #[doc = "Further telephone numbers."]
        additional_phones "additionalPhones": Vec<String> as Phone, optional;
        #[doc = "Further e-mail addresses."]
        additional_emails "additionalEmails": Vec<String> as Email, optional;
        #[doc = "Whether the lead is qualified."]
        is_qualified "isQualified": bool, optional;
        #[doc = "The campaign the lead answered, as in `Q3-Resale-Boost`."]
        campaign_name "campaignName": String, optional;
        #[doc = "The campaign's ad set, as in `Resale Units`."]
        set_name "setName": String, optional;
        #[doc = "The size of the deal, in no documented currency."]
        deal_size "dealSize": f64, optional;
        #[doc = "The region, as in `Cairo`."]
        region "region": String, optional;
        #[doc = "What the lead is interested in, as in `villa` or `garden`."]
        interests "interests": Vec<String>, optional;
        #[doc = "Tags, as in `hot`."]
        tags "tags": Vec<String>, optional;
        #[doc = "Further data, such as UTM parameters, as stringified JSON. Contains the submission id."]
        custom_field "customField": String, optional;
    }
    received {
        #[doc = "The record's id: 24 hexadecimal digits in the vendor's examples."]
        id "_id": String;
        #[doc = "A second id: 12 upper-case letters and digits."]
        uid "uid": String;
        #[doc = "The lead's number within the organization."]
        lead_number "leadNumber": i64;
        #[doc = "The id of the organization."]
        realm_id "realmId": String;
        #[doc = "The id of the user or integration that created it."]
        created_by "createdBy": String;
        #[doc = "When the lead was created: ISO 8601 with an offset."]
        creation_date "creationDate": String;
        #[doc = "Creation time: ISO 8601, UTC, with milliseconds."]
        created_at "createdAt": String;
        #[doc = "Time of the last change: ISO 8601, UTC, with milliseconds."]
        updated_at "updatedAt": String;
        #[doc = "Whether the record was deleted."]
        deleted "deleted": bool;
        #[doc = "When the record was deleted; `null` at first."]
        deleted_at "deletedAt": String;
        #[doc = "When the lead was last assigned; `null` at first."]
        last_assigned_date "lastAssignedDate": String;
        #[doc = "The id of a territory; `null` at first."]
        territory_id "territoryId": String;
        #[doc = "The address of a proposal; `null` at first."]
        proposal_url "proposalUrl": String;
        #[doc = "When the lead was claimed; `null` at first."]
        claimed_at "claimedAt": String;
        #[doc = "Whether the lead was converted."]
        converted "converted": bool;
        #[doc = "Whether a workflow was started; `false` at first."]
        workflow_start "workflowStart": bool;
        #[doc = "Whether the lead is a favorite; `false` at first."]
        is_favorite "isFavorite": bool;
        #[doc = "Conversations; empty at first."]
        conversations "conversations": Vec<Value>;
        #[doc = "Custom fields; empty at first."]
        custom_fields "customFields": Vec<Value>;
        #[doc = "Whose favorite the lead is; empty at first."]
        favorited_by "favoritedBy": Vec<Value>;
        #[doc = "Assigned accounts; empty at first."]
        assigned_accounts "assignedAccounts": Vec<Value>;
        #[doc = "The workflow's set-up; empty at first."]
        workflow_setup "workflowSetup": Vec<Value>;
        #[doc = "Units; empty at first."]
        units "units": Vec<Value>;
        #[doc = "The workflow; empty at first."]
        workflow "workflow": Vec<Value>;
        #[doc = "Collaborators; empty at first."]
        collaborators "collaborators": Vec<Value>;
        #[doc = "The record's version in the CRM's database."]
        version "__v": i64;
    }

    #[doc = "Who a lead is and how to reach them."]
    LeadInformation {
        #[doc = "The salutation, as in `mr`."]
        salutation "salutation": String, optional;
        #[doc = "The first name."]
        first_name "firstName": String, required;
        #[doc = "The last name."]
        last_name "lastName": String, optional;
        #[doc = "The telephone number in E.164, as in `+201001234567`."]
        phone "phone": String as Phone, required;
        #[doc = "The e-mail address."]
        email "email": String as Email, optional;
        #[doc = "The postal address."]
        address "address": Address, optional;
        #[doc = "The position, as in `Marketing Director`."]
        title "title": String, optional;
        #[doc = "The company."]
        company "company": String, optional;
    }

    #[doc = "A postal address."]
    Address {
        #[doc = "The address itself, as in `Villa 12, Palm Hills`."]
        address "address": String, optional;
        #[doc = "The country, `EG` in the vendor's example."]
        country "country": String, optional;
        #[doc = "The city."]
        city "city": String, optional;
        #[doc = "The street."]
        street "street": String, optional;
        #[doc = "The postal code."]
        zip "zip": String, optional;
    }
}
