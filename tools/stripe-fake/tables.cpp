#include "tables.h"

#include "deliveries.h"
#include "faults.h"
#include "idempotency.h"
#include "ids.h"
#include "late_outcomes.h"
#include "object_store.h"

namespace stripe_fake {

void make_tables(store::Database& database, std::int64_t now)
{
    database.read([&](store::Session& session) {
        ObjectStore::create_table(session);
        Deliveries::create_table(session);
        FaultStore::create_table(session);
        create_late_outcome_table(session);
        IdempotencyKeys::create_table(session);
        IdempotencyKeys::remove_expired(session, now);
    });
}

std::string shared_secret(store::Database& database)
{
    return database.transact([](store::Session& session) {
        const std::string id{"fingerprint_secret"};
        ObjectStore objects{session};
        store::unless_duplicate([&] {
            Object object{.id = id, .kind = "secret"};
            object.hidden.set("secret", fresh_id("") + fresh_id(""));
            objects.add(object);
        });
        return objects.find("secret", id)->hidden_text("secret");
    });
}

} // namespace stripe_fake
