#include "store/standing_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {

std::optional<Standing> StandingStore::of(domain::MemberId member)
{
    const auto row = select_first<std::string, bool, bool, bool>(session_,
        "SELECT m.currency, EXISTS (SELECT 1 FROM payment_methods WHERE member_id = m.id AND status = 'active'),"
        " EXISTS (SELECT 1 FROM payment_methods WHERE default_of = m.id AND status = 'active' AND type = 'card'),"
        " EXISTS (SELECT 1 FROM orders WHERE running_key = CONCAT(m.id, ':membership')) FROM members m WHERE m.id = ?",
        static_cast<std::int64_t>(member));
    if (!row) return std::nullopt;
    const auto& [currency, has_payment_method, pays_by_card, has_membership] = *row;
    return Standing{money_of(0, currency).currency, has_payment_method, pays_by_card, has_membership};
}

} // namespace store
