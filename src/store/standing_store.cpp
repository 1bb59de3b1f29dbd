#include "store/standing_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {

std::optional<Standing> StandingStore::of(domain::MemberId member)
{
    const auto row = select_first<std::string, bool, bool, bool, std::string, std::string, std::string, std::string>(session_,
        "SELECT m.currency, EXISTS (SELECT 1 FROM payment_methods WHERE member_id = m.id AND status = 'active'),"
        " EXISTS (SELECT 1 FROM payment_methods WHERE default_of = m.id AND status = 'active' AND type = 'card'),"
        " EXISTS (SELECT 1 FROM orders WHERE running_key = CONCAT(m.id, ':membership')), m.customer_kind, m.country, m.postal_code,"
        " COALESCE(v.state, 'none') FROM members m LEFT JOIN vat_ids v ON v.member_id = m.id WHERE m.id = ?",
        static_cast<std::int64_t>(member));
    if (!row) return std::nullopt;
    const auto& [currency, has_payment_method, pays_by_card, has_membership, kind, country, postal_code, vat_id_state] = *row;
    return Standing{money_of(0, currency).currency, has_payment_method, pays_by_card, has_membership,
        {domain::customer_kind_from(kind), country, postal_code, domain::vat_id_state_from(vat_id_state)}};
}

} // namespace store
