#include "store/card_setup_store.h"

#include "store/sql.h"
#include "store/statement.h"

namespace store {
namespace {

std::int64_t number_of(domain::MemberId member) { return static_cast<std::int64_t>(member); }

} // namespace

void CardSetupStore::begin(domain::MemberId member, const std::string& attempt, domain::Instant now)
{
    unless_duplicate([&] {
        execute(
            session_, "INSERT INTO card_setups (member_id, attempt, begun_at) VALUES (?, ?, ?)", number_of(member), attempt, to_sql(now));
    });
}

void CardSetupStore::name(domain::MemberId member, const std::string& attempt, const std::string& gateway_id)
{
    execute(session_, "UPDATE card_setups SET gateway_id = ? WHERE member_id = ? AND attempt = ? AND gateway_id IS NULL", gateway_id,
        number_of(member), attempt);
}

std::optional<domain::MemberId> CardSetupStore::member_of(const std::string& gateway_id)
{
    const auto row = select_first<std::int64_t>(session_, "SELECT member_id FROM card_setups WHERE gateway_id = ?", gateway_id);
    return row ? std::optional{domain::MemberId{std::get<0>(*row)}} : std::nullopt;
}

bool CardSetupStore::consent(domain::MemberId member, const std::string& gateway_id, const domain::CardConsent& consent)
{
    const auto row = select_first<std::int64_t>(
        session_, "SELECT id FROM card_setups WHERE gateway_id = ? AND member_id = ? FOR UPDATE", gateway_id, number_of(member));
    if (!row) return false;
    execute(session_,
        "UPDATE card_setups SET consent_version = ?, consent_language = ?, consent_address = ?, consented_at = ?"
        " WHERE id = ? AND (method_id IS NULL OR consented_at IS NULL)",
        consent.version, consent.language, consent.address, to_sql(consent.given_at), std::get<0>(*row));
    return true;
}

std::optional<domain::CardConsent> CardSetupStore::consent_of(const std::string& gateway_id)
{
    const auto row = select_first<std::string, std::string, std::string, std::string>(session_,
        "SELECT consent_version, consent_language, consent_address, CAST(consented_at AS CHAR) FROM card_setups"
        " WHERE gateway_id = ? AND consented_at IS NOT NULL",
        gateway_id);
    if (!row) return std::nullopt;
    const auto& [version, language, address, given_at] = *row;
    return domain::CardConsent{.version = version, .language = language, .address = address, .given_at = instant_of(given_at)};
}

void CardSetupStore::finish(const std::string& gateway_id, const domain::Uuid& method)
{
    execute(session_,
        "UPDATE card_setups SET method_id = (SELECT id FROM payment_methods WHERE uuid = ?) WHERE gateway_id = ? AND method_id IS NULL",
        method, gateway_id);
}

void CardSetupStore::remove_abandoned(domain::Instant begun_before)
{
    execute(session_, "DELETE FROM card_setups WHERE method_id IS NULL AND begun_at < ?", to_sql(begun_before));
}

} // namespace store
